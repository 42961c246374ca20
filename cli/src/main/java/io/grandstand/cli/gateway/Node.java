package io.grandstand.cli.gateway;

import java.util.List;

/// A value of a YAML file. What a text means is for its key to say, so `no` and `007` stay as they
/// stand in the file.
sealed interface Node {
    Place place();

    record Text(Place place, String text) implements Node {}

    record Items(Place place, List<Node> items) implements Node {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// Each name once.
    record Fields(Place place, List<Field> fields) implements Node {
        public Fields {
            fields = List.copyOf(fields);
        }
    }

    /// A key without a value.
    record Nothing(Place place) implements Node {}

    /// A value that cannot be read, whose problem is told already.
    record Refused(Place place) implements Node {}

    /// A key and its value.
    ///
    /// @param place where the name stands
    record Field(Place place, String name, Node value) {}
}
