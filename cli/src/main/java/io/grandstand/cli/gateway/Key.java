package io.grandstand.cli.gateway;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One key of the configuration.
///
/// @param path the keys on the way to it, with dots; `*` stands for a name that the file gives
/// @param standard its value where it is left out; null where that is no value of its own
/// @param otherwise what holds where it is left out and `standard` is null: `none`, or what takes
///   its place
record Key<T>(String path, Kind<T> kind, @Nullable T standard, String otherwise) {
    static final String VARIABLE_PREFIX = "GRANDSTAND_";

    static <T> Key<T> of(String path, Kind<T> kind, T standard) {
        return new Key<>(path, kind, standard, "");
    }

    static <T> Key<T> optional(String path, Kind<T> kind, String otherwise) {
        return new Key<>(path, kind, null, otherwise);
    }

    /// The default in the words of the reference.
    String shownDefault() {
        return standard == null ? otherwise : kind.show(standard);
    }

    /// The path with `name` for its `*`.
    String path(String name) {
        return path.replace("*", name);
    }

    /// The environment variable that overrides the key at `path`.
    static String variable(String path) {
        return VARIABLE_PREFIX + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
