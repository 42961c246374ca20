package io.grandstand.bench;

/// Scans Protobuf: messages one after the other, each with its length before it. The field numbers
/// are those of the client protocol.
final class ProtobufScanner implements Scanner {
    private static final int REPLY_ID = 1;
    private static final int REPLY_PUSH = 4;
    private static final int PUSH_CHANNEL = 2;
    private static final int PUSH_PUB = 4;
    private static final int PUB_DATA = 4;
    private static final int PUB_OFFSET = 6;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /// A place in the bytes that moves on as they are read. Confined to one call.
    private static final class Cursor {
        final byte[] bytes;
        int at;

        Cursor(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        long varint(int to) {
            long value = 0;
            for (int shift = 0; shift < 64 && at < to; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new MalformedException("a number that does not end");
        }

        /// The length before bytes, all of which lie before `to`.
        int length(int to) {
            long length = varint(to);
            if (length < 0 || length > to - at) {
                throw new MalformedException("a length of %d".formatted(length));
            }
            return (int) length;
        }

        void skip(int wireType, int to) {
            switch (wireType) {
                case VARINT -> varint(to);
                case BYTES -> {
                    int length = length(to);
                    at += length;
                }
                case FIXED64 -> at += 8;
                case FIXED32 -> at += 4;
                default -> throw new MalformedException("wire type " + wireType);
            }
            if (at > to) {
                throw new MalformedException("a field that does not end");
            }
        }
    }

    @Override
    public void scan(byte[] bytes, int from, int to, Push push, Sink sink) {
        var cursor = new Cursor(bytes, from);
        while (cursor.at < to) {
            int begin = cursor.at;
            int end = cursor.length(to) + cursor.at;
            message(cursor, begin, end, push, sink);
        }
    }

    private static void message(Cursor cursor, int begin, int end, Push push, Sink sink) {
        if (cursor.at == end) {
            sink.ping();
            return;
        }
        push.reset(cursor.bytes);
        long id = 0;
        boolean isPublication = false;
        while (cursor.at < end) {
            int tag = (int) cursor.varint(end);
            switch (tag) {
                case (REPLY_ID << 3) | VARINT -> id = cursor.varint(end);
                case (REPLY_PUSH << 3) | BYTES ->
                        isPublication = isPublication(cursor, cursor.length(end) + cursor.at, push);
                default -> cursor.skip(tag & 7, end);
            }
        }
        if (isPublication) {
            sink.push(push);
        } else {
            sink.other(id, cursor.bytes, begin, end);
        }
    }

    private static boolean isPublication(Cursor cursor, int end, Push push) {
        boolean found = false;
        while (cursor.at < end) {
            int tag = (int) cursor.varint(end);
            switch (tag) {
                case (PUSH_CHANNEL << 3) | BYTES -> {
                    int length = cursor.length(end);
                    push.channelFrom = cursor.at;
                    push.channelTo = cursor.at + length;
                    cursor.at += length;
                }
                case (PUSH_PUB << 3) | BYTES -> {
                    publication(cursor, cursor.length(end) + cursor.at, push);
                    found = true;
                }
                default -> cursor.skip(tag & 7, end);
            }
        }
        return found;
    }

    private static void publication(Cursor cursor, int end, Push push) {
        while (cursor.at < end) {
            int tag = (int) cursor.varint(end);
            switch (tag) {
                case (PUB_DATA << 3) | BYTES -> {
                    int length = cursor.length(end);
                    push.dataFrom = cursor.at;
                    push.dataTo = cursor.at + length;
                    cursor.at += length;
                }
                case (PUB_OFFSET << 3) | VARINT -> push.offset = cursor.varint(end);
                default -> cursor.skip(tag & 7, end);
            }
        }
    }
}
