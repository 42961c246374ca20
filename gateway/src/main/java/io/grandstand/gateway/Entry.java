package io.grandstand.gateway;

import io.grandstand.protocol.JsonEncoder;
import io.grandstand.protocol.RawJson;
import io.grandstand.protocol.Reply.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// One record of a log, and its frame once somebody needed it. Confined to the thread that read it.
final class Entry {
    private static final JsonEncoder ENCODER = new JsonEncoder();
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final long offset;
    private final Key key;
    private final byte @Nullable [] value;

    /// The frame for `framedChannel`: nearly always every subscriber spells a channel alike, so one
    /// frame serves all of them.
    private byte @Nullable [] frame;

    private @Nullable String framedChannel;

    private Entry(long offset, Key key, byte @Nullable [] value) {
        this.offset = offset;
        this.key = key;
        this.value = value;
    }

    /// The record, or null where it has no key and so no channel.
    static @Nullable Entry of(ConsumerRecord<byte[], byte[]> message) {
        byte[] key = message.key();
        return key == null ? null : new Entry(message.offset(), new Key(key), message.value());
    }

    Key key() {
        return key;
    }

    /// The Kafka offset.
    long offset() {
        return offset;
    }

    /// The position of a client that has this record: the next Kafka offset to read. It is also the
    /// offset on the wire, where 0 means none.
    long nextOffset() {
        return offset + 1;
    }

    boolean isDeletion() {
        return value == null;
    }

    /// About how much memory it takes: key, value, objects and a frame of its own.
    int weight() {
        return 200 + key.bytes().length + 2 * (value == null ? 0 : value.length);
    }

    /// The WebSocket frame that carries this record to the subscribers of `channel`.
    byte[] frame(String channel) {
        byte[] cached = frame;
        if (cached != null && channel.equals(framedChannel)) {
            return cached;
        }
        byte[] encoded = Frames.text(ENCODER.publication(channel, publication()));
        frame = encoded;
        framedChannel = channel;
        return encoded;
    }

    private Publication publication() {
        if (value == null) {
            return new Publication(nextOffset(), NULL, Publication.Tag.DELETED);
        }
        if (RawJson.isOneValue(value)) {
            return new Publication(nextOffset(), RawJson.onOneLine(value), null);
        }
        String base64 = Base64.getEncoder().encodeToString(value);
        return new Publication(
                nextOffset(),
                ('"' + base64 + '"').getBytes(StandardCharsets.US_ASCII),
                Publication.Tag.BASE64);
    }
}
