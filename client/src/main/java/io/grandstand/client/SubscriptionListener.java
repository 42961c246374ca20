package io.grandstand.client;

/// What a subscriber hears of a channel, in order, on the client's event loop.
public interface SubscriptionListener {
    /// The subscription stands, for the first time or again. What was missed follows.
    ///
    /// @param position where it continues from
    /// @param wasRecovering whether the client asked to continue from a position
    /// @param recovered whether nothing is missing since that position; if it was asked for and is
    ///   false, what came in between is lost
    default void subscribed(Position position, boolean wasRecovering, boolean recovered) {}

    /// A message.
    default void publication(Publication publication) {}

    /// The subscription is over, by `GrandstandClient.unsubscribe` (code 0), by the server, or by
    /// an error that is not temporary. While the client means to subscribe again nothing is said,
    /// nor when the whole client is closed.
    default void unsubscribed(int code, String reason) {}

    /// The server refused to subscribe. The client tries again by itself if the error is temporary;
    /// and if it is 112, which says that the position is lost, without that position.
    default void error(ClientException error) {}
}
