package io.grandstand.client;

/// A place in a channel's history, from which a subscription can continue.
///
/// @param epoch names the history that the offset belongs to; empty matches any
/// @param offset that of the last publication seen; 0 is the beginning
public record Position(String epoch, long offset) {
    /// Everything that the server has.
    public static final Position BEGINNING = new Position("", 0);

    public Position {
        if (offset < 0) {
            throw new IllegalArgumentException(
                    "offset is %d: must not be negative".formatted(offset));
        }
    }
}
