package io.grandstand.gateway;

import io.grandstand.protocol.Command;

/// One connection's interest in one channel. Confined to the connection's event loop.
///
/// ```
///   PENDING ──first records or none──> BEHIND ──at the log's end──> LIVE
///                                        ^                            │
///                                        └──── connection is slow ────┘
/// ```
///
/// A subscription that is `BEHIND` knows where it stands and asks for what follows, a bounded piece
/// at a time and only while its connection can take it; it passes live records over, since it will
/// get there. So nothing is buffered for it anywhere.
final class Subscription {
    final Session session;
    final ChannelFeed feed;
    final Command.Subscribe request;

    /// The command to answer once it is known where the subscription starts.
    final long commandId;

    State state = State.PENDING;

    /// Whether everything after the client's position can be delivered.
    boolean isRecoverable;

    /// The next Kafka offset this subscriber is owed. Rises only.
    long next;

    /// Whether a piece was asked for and is on its way.
    boolean fetching;

    enum State {
        PENDING,
        BEHIND,
        LIVE,
        CLOSED
    }

    Subscription(Session session, ChannelFeed feed, Command.Subscribe request, long commandId) {
        this.session = session;
        this.feed = feed;
        this.request = request;
        this.commandId = commandId;
    }
}
