package io.grandstand.cli.gateway;

/// A value for a key that comes from outside the file.
///
/// @param place the environment variable or the option
/// @param path the key's path, with a name for its `*`
record Setting(Place place, Key<?> key, String path, String text) {
    /// An option of the command line; `key` has no `*`.
    static Setting option(String name, Key<?> key, String text) {
        return new Setting(Place.of(name), key, key.path(), text);
    }

    /// The value as the file would have it.
    Node node() {
        return key.kind().node(place, text);
    }
}
