package io.grandstand.bench;

/// Finds what matters in a server's messages without parsing them whole. Has no state.
///
/// An event loop that takes a million messages a second must cost less than the servers that send
/// them; what is rare, such as replies, is left to `Codec`.
sealed interface Scanner permits JsonScanner, ProtobufScanner {
    /// A publication within a scanned message: where its parts lie. Reused from one to the next.
    final class Push {
        byte[] bytes = {};
        int channelFrom;
        int channelTo;
        int dataFrom;
        int dataTo;

        /// The position after it; 0 where the server gave none.
        long offset;

        void reset(byte[] bytes) {
            this.bytes = bytes;
            channelFrom = 0;
            channelTo = 0;
            dataFrom = 0;
            dataTo = 0;
            offset = 0;
        }
    }

    /// Takes what was found. The bytes are good until the method returns.
    interface Sink {
        void push(Push push);

        /// Any other message than a publication or a ping: a reply where `id` is above 0, or a push
        /// of another kind.
        ///
        /// @param from where the message begins, with the delimiter of its format
        void other(long id, byte[] bytes, int from, int to);

        void ping();
    }

    /// Scans the messages of one frame.
    ///
    /// @throws MalformedException if they are not in this format
    void scan(byte[] bytes, int from, int to, Push push, Sink sink);
}
