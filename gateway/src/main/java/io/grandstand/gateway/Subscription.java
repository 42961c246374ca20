package io.grandstand.gateway;

import io.grandstand.gateway.auth.AppData;
import io.grandstand.gateway.auth.Overrides;
import io.grandstand.gateway.presence.PresenceListener;
import io.grandstand.protocol.TagsFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
    final Origin origin;

    /// Lets through only what the client wants; null for everything.
    final @Nullable TagsFilter filter;

    State state = State.PENDING;

    /// Whether everything after the client's position can be delivered.
    boolean isRecoverable;

    /// The next Kafka offset this subscriber is owed. Rises only.
    long next;

    /// The position that the client knows: that of its last publication, or of the subscribe reply.
    long told;

    /// Whether a piece was asked for and is on its way.
    boolean fetching;

    /// When the subscription's own token stops being good; null where it has none or it never does.
    @Nullable Instant expiresAt;

    /// Whether the client is told who comes and goes.
    boolean wantsJoinLeave;

    /// The channel in whose presence the subscriber is; null where in none.
    @Nullable String presentIn;

    /// Hears who else comes and goes; null where the client does not want to know.
    @Nullable PresenceListener listener;

    enum State {
        PENDING,
        BEHIND,
        LIVE,
        CLOSED
    }

    /// Where a subscription comes from.
    ///
    /// @param commandId the subscribe command to answer; 0 where the server subscribed the client
    /// @param isRecovering whether the client has a position and wants what came after it
    /// @param wantsError whether an unrecoverable position is answered with an error
    /// @param info what the token says of the subscriber on this channel
    /// @param data what the token tells the subscriber
    /// @param overrides what the token sets instead of the namespace
    record Origin(
            long commandId,
            boolean isRecovering,
            boolean wantsError,
            AppData info,
            AppData data,
            Overrides overrides) {
        boolean isServerSide() {
            return commandId == 0;
        }
    }

    Subscription(Session session, ChannelFeed feed, Origin origin, @Nullable TagsFilter filter) {
        this.session = session;
        this.feed = feed;
        this.origin = origin;
        this.filter = filter;
    }
}
