package io.grandstand.cli.gateway;

import java.util.List;
import java.util.stream.Collectors;

/// How several things are told at once.
final class Report {
    private Report() {}

    /// One problem as its line, several as a list.
    static String problems(List<Problem> problems) {
        if (problems.size() == 1) {
            return problems.getFirst().toString();
        }
        return problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(
                        Collectors.joining(
                                "", "there are %d problems:".formatted(problems.size()), ""));
    }

    /// `1 namespace`, `2 namespaces`.
    static String count(int count, String noun) {
        return count == 1 ? "1 " + noun : "%d %ss".formatted(count, noun);
    }
}
