package io.grandstand.cli.gateway;

/// Something that keeps a configuration from being used.
///
/// @param place where it is
/// @param sentence the key, what is wrong with it, and what would be right
record Problem(Place place, String sentence) {
    @Override
    public String toString() {
        return place + ": " + sentence;
    }
}
