package io.grandstand.cli.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects the problems of a configuration, so that all are told at once.
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void add(Place place, String sentence, Object... arguments) {
        found.add(new Problem(place, String.format(sentence, arguments)));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /// In the order of the file.
    List<Problem> all() {
        return found.stream().sorted(Comparator.comparing(Problem::place)).toList();
    }
}
