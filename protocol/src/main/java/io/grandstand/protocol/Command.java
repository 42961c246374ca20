package io.grandstand.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message of a client.
///
/// @param id chosen by the client, rising; 0 in a pong and in a `Send` that carries none
/// @param request what it asks; null in a pong
public record Command(long id, @Nullable Request request) {
    /// The empty command, the answer to a ping.
    public static final Command PONG = new Command(0, null);

    public boolean isPong() {
        return id == 0 && request == null;
    }

    /// What a client may ask. `data` is in the connection's format: one raw JSON value without
    /// newlines, or any bytes in Protobuf; empty where the client sent none.
    public sealed interface Request {}

    /// Must be the first command of a connection.
    ///
    /// @param token the connection's JWT; empty where the client has none
    /// @param subs saved positions of server-side subscriptions, by channel; on a unidirectional
    ///   connection also the channels asked for
    /// @param name what the client is, such as `js`
    /// @param version the application's version
    /// @param headers HTTP headers that a browser could not set; untrusted
    public record Connect(
            String token,
            byte[] data,
            Map<String, Subscribe> subs,
            String name,
            String version,
            Map<String, String> headers)
            implements Request {
        public static Connect withToken(String token) {
            return new Connect(token, new byte[0], Map.of(), "", "", Map.of());
        }
    }

    /// Asks for a channel.
    ///
    /// @param channel as the client spells it; replies and pushes repeat this spelling
    /// @param token the subscription's JWT; empty where the client has none
    /// @param recover whether the client has a position and wants what came after it
    /// @param epoch the position's epoch; empty matches any
    /// @param offset the position: the next Kafka offset to read; 0 is the beginning
    /// @param data options of the application
    /// @param positioned asks for a position, even without recovery
    /// @param recoverable asks for recovery
    /// @param joinLeave asks for join and leave pushes
    /// @param delta a delta format, or empty
    /// @param filter lets through only publications whose tags match; null for all
    /// @param flags bit 0 offers channel compaction, bit 1 asks for error 112 rather than
    ///   `recovered: false`
    /// @param type 0 is a stream, others are not offered
    public record Subscribe(
            String channel,
            String token,
            boolean recover,
            String epoch,
            long offset,
            byte[] data,
            boolean positioned,
            boolean recoverable,
            boolean joinLeave,
            String delta,
            @Nullable FilterNode filter,
            long flags,
            int type)
            implements Request {
        private static final long ERROR_WHEN_UNRECOVERABLE = 2;

        /// Asks for what is published from now on.
        public static Subscribe to(String channel) {
            return new Subscribe(
                    channel, "", false, "", 0, new byte[0], false, false, false, "", null, 0, 0);
        }

        /// Asks for what was published after a position.
        public static Subscribe after(String channel, String epoch, long offset) {
            return new Subscribe(
                    channel,
                    "",
                    true,
                    epoch,
                    offset,
                    new byte[0],
                    false,
                    false,
                    false,
                    "",
                    null,
                    0,
                    0);
        }

        public boolean wantsErrorWhenUnrecoverable() {
            return (flags & ERROR_WHEN_UNRECOVERABLE) != 0;
        }
    }

    public record Unsubscribe(String channel) implements Request {}

    /// Adds a message to a channel.
    ///
    /// @param type 0; 1 is a map's and not offered
    public record Publish(String channel, byte[] data, int type) implements Request {
        public Publish(String channel, byte[] data) {
            this(channel, data, 0);
        }
    }

    /// Asks who is in a channel.
    public record Presence(String channel) implements Request {}

    /// Asks how many are in a channel.
    public record PresenceStats(String channel) implements Request {}

    /// Asks for earlier publications.
    ///
    /// @param limit how many at most; 0 asks for the position alone, -1 for as many as allowed
    /// @param since exclusive start, or null for an end of the log
    /// @param reverse newest first
    public record History(String channel, int limit, @Nullable Position since, boolean reverse)
            implements Request {}

    /// Not used by clients: their pong is the empty command.
    public record Ping() implements Request {}

    /// A one-way message, never answered.
    public record Send(byte[] data) implements Request {}

    public record Rpc(String method, byte[] data) implements Request {}

    /// A new connection token in place of one that runs out.
    public record Refresh(String token) implements Request {}

    /// A new subscription token in place of one that runs out.
    ///
    /// @param type 0; others are not offered
    public record SubRefresh(String channel, String token, int type) implements Request {}
}
