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

    /// What the client calls this publish, so that consumers can tell a repeated one.
    public static final String PUBLISH_ID = "gs-publish-id";

    /// What the player's token tells others of them, where the channel shows who published; JSON.
    public static final String INFO = "gs-info";

    private TrustedHeaders() {}
}
