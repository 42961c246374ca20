package io.grandstand.protocol;

/// Kafka record headers that the gateway stamps on each publish. Headers of these names that a
/// client sends never survive, so a consumer may believe them. Values are UTF-8 text.
public final class TrustedHeaders {
    /// The authenticated player.
    public static final String PLAYER = "gs-player";

    /// When the gateway received the frame, microseconds since the epoch, in decimal digits.
    public static final String RECEIVED_US = "gs-received-us";

    /// The connection's id.
    public static final String CONNECTION = "gs-connection";

    private TrustedHeaders() {}
}
