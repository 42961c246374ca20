package io.grandstand.protocol;

import org.jspecify.annotations.Nullable;

/// The answer to one command. `id` repeats the command's.
public sealed interface Reply {
    long id();

    /// The connection stands.
    ///
    /// @param client the connection's id
    /// @param version the server's version
    /// @param pingSeconds how often the server pings; at least 1, clients drop the connection at 0
    record Connected(long id, String client, String version, int pingSeconds) implements Reply {}

    /// The subscription stands; what the client missed follows by pushes.
    ///
    /// @param epoch names the history that offsets belong to
    /// @param offset the position that the pushes start from, never one further: a connection lost
    ///   in between would lose the rest
    /// @param wasRecovering whether the client asked to recover
    /// @param recovered whether everything after the client's position will come
    record Subscribed(long id, String epoch, long offset, boolean wasRecovering, boolean recovered)
            implements Reply {}

    record Unsubscribed(long id) implements Reply {}

    record Published(long id) implements Reply {}

    record Failed(long id, Codes.ErrorCode error) implements Reply {}

    /// A message of the server on a channel.
    ///
    /// @param data one raw JSON value without newlines
    /// @param tag a marker for the client, or null: `b64` where data is Base64 text of bytes that
    ///   are not JSON, `del` where the record was deleted
    record Publication(long offset, byte[] data, @Nullable Tag tag) {
        /// What is special about a publication's data.
        public enum Tag {
            BASE64("enc", "b64"),
            DELETED("del", "1");

            final String key;
            final String value;

            Tag(String key, String value) {
                this.key = key;
                this.value = value;
            }
        }
    }
}
