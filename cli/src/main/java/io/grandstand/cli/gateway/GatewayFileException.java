package io.grandstand.cli.gateway;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used, with every problem it has.
final class GatewayFileException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    GatewayFileException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    List<Problem> problems() {
        return problems;
    }
}
