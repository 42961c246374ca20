package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A configuration while it is read: what is known of it so far, and its problems.
final class Draft {
    final Path file;
    final Problems problems = new Problems();
    final Values values = new Values();

    /// The names of the namespaces, in the order of the file.
    final List<String> namespaces = new ArrayList<>();

    /// Whether a namespace is left out for its name.
    boolean hasRefusedNamespace;

    /// The paths of the settings of Kafka that are given: `kafka.bootstrap.servers`.
    final List<String> kafka = new ArrayList<>();

    /// What the files hold that the configuration names, by the path of the key that names one.
    final Map<String, String> contents = new HashMap<>();

    Draft(Path file) {
        this.file = file;
    }

    <T> T get(Key<T> key) {
        return values.get(key);
    }

    /// The value of a namespace's key.
    <T> T get(Key<T> key, String namespace) {
        return values.get(key, key.path(namespace));
    }

    String topic(String namespace) {
        return values.given(Keys.TOPIC, Keys.TOPIC.path(namespace)).orElse(namespace);
    }

    /// A file that the configuration names: a relative path begins at its own folder.
    Path resolve(Path named) {
        return file.toAbsolutePath().resolveSibling(named);
    }

    /// The secret that the configuration's file of secrets holds: its text without the line's end
    /// that editors add.
    Optional<byte[]> secretInFile() {
        return Optional.ofNullable(contents.get(Keys.HMAC_SECRET_FILE.path())).map(Draft::secret);
    }

    static byte[] secret(String content) {
        return content.replaceFirst("\\R\\z", "").getBytes(UTF_8);
    }

    /// Whether the configuration gives a value, be it a refused one.
    boolean isSaid(String path) {
        return values.place(path).isPresent();
    }

    /// Whether the configuration gives a section or anything in it.
    boolean has(String section) {
        return values.places().keySet().stream()
                .anyMatch(path -> path.equals(section) || path.startsWith(section + "."));
    }

    /// Where a path stands, or else the nearest section around it.
    Place placeOf(String path) {
        String around = path;
        while (!around.isEmpty()) {
            Optional<Place> place = values.place(around);
            if (place.isPresent()) {
                return place.get();
            }
            around = around.substring(0, Math.max(0, around.lastIndexOf('.')));
        }
        return values.place("").orElseGet(() -> new Place(file.toString(), 1, 1));
    }

    void problem(String path, String sentence, Object... arguments) {
        problems.add(placeOf(path), sentence, arguments);
    }
}
