package io.grandstand.protocol;

import java.util.List;
import java.util.Map;

/// One message of the server: an answer, a push, or a ping.
public sealed interface Message {
    /// The empty message.
    record Ping() implements Message {}

    /// The answer to the command with the same `id`.
    record Reply(long id, Result result) implements Message {}

    /// What happens without being asked. `channel` is the subscriber's spelling; empty where the
    /// event concerns the whole connection.
    record Push(String channel, Event event) implements Message {}

    /// What a command came to.
    sealed interface Result {}

    /// Something that happened.
    sealed interface Event {}

    /// The command failed.
    ///
    /// @param code see `Codes.ErrorCode`; never 0
    /// @param temporary whether the same command may succeed later
    record Failed(int code, String message, boolean temporary) implements Result {
        public static Failed of(Codes.ErrorCode error) {
            return new Failed(error.code(), error.message(), error.temporary());
        }
    }

    /// The connection stands. As an event it is the first push of a unidirectional connection.
    ///
    /// @param client the connection's id
    /// @param version the server's version
    /// @param expires whether the client must refresh its token before `ttlSeconds` have passed
    /// @param data what the server tells every client; empty for nothing
    /// @param subs server-side subscriptions by channel
    /// @param pingSeconds how often the server pings; at least 1, clients drop the connection at 0
    /// @param pong whether pings are to be answered
    /// @param session the secret that sends commands to this connection from elsewhere; empty where
    ///   the transport needs none
    /// @param node the node that holds the connection; empty where the transport needs none
    record Connected(
            String client,
            String version,
            boolean expires,
            int ttlSeconds,
            byte[] data,
            Map<String, Subscribed> subs,
            int pingSeconds,
            boolean pong,
            String session,
            String node)
            implements Result, Event {}

    /// The subscription stands.
    ///
    /// @param expires whether the client must refresh its token before `ttlSeconds` have passed
    /// @param recoverable whether the client should store its position and ask to recover
    /// @param epoch names the history that offsets belong to
    /// @param offset the position that later pushes start from, never one further: a connection
    ///   lost in between would lose the rest
    /// @param publications recovered ones, oldest first
    /// @param recovered whether everything after the client's position comes
    /// @param wasRecovering whether the client asked to recover
    /// @param data what the server tells the subscriber; empty for nothing
    record Subscribed(
            boolean expires,
            int ttlSeconds,
            boolean recoverable,
            boolean positioned,
            String epoch,
            long offset,
            List<Publication> publications,
            boolean recovered,
            boolean wasRecovering,
            byte[] data)
            implements Result {}

    record Unsubscribed() implements Result {}

    record Published() implements Result {}

    /// Who is in the channel.
    ///
    /// @param clients by connection id
    record PresenceResult(Map<String, ClientInfo> clients) implements Result {}

    record PresenceStatsResult(long clients, long users) implements Result {}

    /// Earlier publications of the channel.
    ///
    /// @param publications in the order asked for
    /// @param top the end of the channel's history
    record HistoryResult(List<Publication> publications, Position top) implements Result {}

    record RpcResult(byte[] data) implements Result {}

    record Refreshed(String client, String version, boolean expires, int ttlSeconds)
            implements Result {}

    record SubRefreshed(boolean expires, int ttlSeconds) implements Result {}

    /// A publication on the push's channel.
    record PublicationEvent(Publication publication) implements Event {}

    record Joined(ClientInfo info) implements Event {}

    record Left(ClientInfo info) implements Event {}

    /// The server ended the subscription; `code` says whether the client shall subscribe again.
    record SubscriptionEnded(int code, String reason) implements Event {}

    /// A message to the connection, on no channel.
    record DirectMessage(byte[] data) implements Event {}

    /// The server subscribed the connection to the push's channel.
    record SubscriptionAdded(
            boolean recoverable, String epoch, long offset, boolean positioned, byte[] data)
            implements Event {}

    /// The server is about to close the connection; `code` says whether to come back.
    record Disconnected(int code, String reason) implements Event {}

    /// The connection's token was prolonged or now runs out.
    record RefreshEvent(boolean expires, int ttlSeconds) implements Event {}
}
