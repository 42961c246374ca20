package io.grandstand.cli.gateway;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The values that a configuration gives, by path, and where each stands.
final class Values {
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Set<String> refused = new HashSet<>();

    /// Reads one value; a later one takes the place of an earlier one.
    void read(Key<?> key, String path, Node node, Problems problems) {
        places.put(path, node.place());
        Object value = key.kind().read(path, node, problems);
        if (value == null) {
            values.remove(path);
            refused.add(path);
        } else {
            values.put(path, value);
            refused.remove(path);
        }
    }

    /// Remembers where a section stands.
    void section(String path, Place place) {
        places.putIfAbsent(path, place);
    }

    /// Where the value of a path stands; empty where the configuration does not give it.
    Optional<Place> place(String path) {
        return Optional.ofNullable(places.get(path));
    }

    Map<String, Place> places() {
        return places;
    }

    /// Whether a value was given and refused, so that nothing can be said of it.
    boolean isRefused(String path) {
        return refused.contains(path);
    }

    <T> Optional<T> given(Key<T> key) {
        return given(key, key.path());
    }

    /// The value that the configuration gives for the key, whose path may have a name for its `*`.
    @SuppressWarnings("unchecked") // only the key's own kind reads what stands at its path
    <T> Optional<T> given(Key<T> key, String path) {
        return Optional.ofNullable((T) values.get(path));
    }

    /// The value of a key that has a default.
    <T> T get(Key<T> key) {
        return get(key, key.path());
    }

    <T> T get(Key<T> key, String path) {
        return given(key, path)
                .or(() -> Optional.ofNullable(key.standard()))
                .orElseThrow(() -> new AssertionError(key.path() + " has no default"));
    }
}
