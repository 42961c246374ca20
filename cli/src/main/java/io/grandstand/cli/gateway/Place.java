package io.grandstand.cli.gateway;

import java.util.Comparator;

/// Where a value stands: in a file, or in an environment variable or option, which have no lines.
///
/// @param source the file, the variable or the option
/// @param line from 1; 0 where there are no lines
/// @param column from 1; 0 where there are no lines
record Place(String source, int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing((Place place) -> place.line() == 0)
                    .thenComparingInt(Place::line)
                    .thenComparingInt(Place::column)
                    .thenComparing(Place::source);

    /// A variable or an option.
    static Place of(String source) {
        return new Place(source, 0, 0);
    }

    /// A file from its beginning on, a variable and an option behind it.
    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? source : "%s:%d:%d".formatted(source, line, column);
    }
}
