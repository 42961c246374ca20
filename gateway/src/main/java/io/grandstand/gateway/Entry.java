package io.grandstand.gateway;

import io.grandstand.protocol.ClientInfo;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.Publication;
import io.grandstand.protocol.RawJson;
import io.grandstand.protocol.TrustedHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// One record of a log, and its bytes once somebody needed them. Confined to the thread that read
/// it.
final class Entry {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] NOTHING = {};

    /// Before the name of a header that is shown as text, and as Base64.
    private static final String TEXT_HEADER = "h.";

    private static final String BINARY_HEADER = "hb.";

    private final long offset;
    private final Key key;
    private final byte @Nullable [] value;
    private final Headers headers;

    /// Whether the value is one JSON value; null until somebody asked.
    private @Nullable Boolean isJson;

    /// The bytes made last: nearly always every subscriber spells a channel alike, and those on the
    /// same wire are served one after the other.
    private byte @Nullable [] bytes;

    private @Nullable String bytesChannel;
    private @Nullable Wire bytesWire;

    Entry(long offset, Key key, byte @Nullable [] value, Headers headers) {
        this.offset = offset;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    /// The record, or null where it has no key and so no channel.
    static @Nullable Entry of(ConsumerRecord<byte[], byte[]> message) {
        byte[] key = message.key();
        return key == null
                ? null
                : new Entry(message.offset(), new Key(key), message.value(), message.headers());
    }

    Key key() {
        return key;
    }

    /// The bytes of its value, not a copy; null where it deletes its key.
    byte @Nullable [] value() {
        return value;
    }

    Headers headers() {
        return headers;
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

    /// About how many bytes it is on a wire.
    int size() {
        return 100 + (value == null ? 0 : value.length);
    }

    /// The bytes that carry this record to the subscribers of `feed`.
    byte[] bytes(ChannelFeed feed) {
        byte[] cached = bytes;
        if (cached != null && feed.wire == bytesWire && feed.channel.equals(bytesChannel)) {
            return cached;
        }
        var push = new Message.Push(feed.channel, new Message.PublicationEvent(publication(feed)));
        byte[] made = feed.wire.bytes(push, feed.loop.deflateBytesMin);
        bytes = made;
        bytesWire = feed.wire;
        bytesChannel = feed.channel;
        return made;
    }

    /// This record as the subscribers of `feed` see it.
    Publication publication(ChannelFeed feed) {
        Map<String, String> tags = tags(feed);
        byte[] data;
        if (value == null) {
            data = feed.wire.isJson() ? NULL : NOTHING;
        } else if (!feed.wire.isJson()) {
            data = value;
        } else if (isBase64(tags)) {
            data = Wire.base64(value);
        } else {
            data = RawJson.onOneLine(value);
        }
        return new Publication(data, publisher(feed.namespace), nextOffset(), tags);
    }

    /// What is said of the record beside its data: the headers that the namespace shows, `del` on a
    /// deletion, and on JSON wires `enc` where the value is not JSON and travels as Base64.
    Map<String, String> tags(ChannelFeed feed) {
        boolean isPlain = value != null && (!feed.wire.isJson() || isJson(value));
        if (isPlain && feed.namespace.shownHeaders().isEmpty()) {
            return Map.of();
        }
        // Sorted, so that a record always looks the same.
        var tags = new TreeMap<String, String>();
        if (value == null) {
            tags.put("del", "1");
        } else if (!isPlain) {
            tags.put("enc", "b64");
        }
        for (Header header : headers) {
            if (header.value() != null && feed.namespace.shownHeaders().contains(header.key())) {
                show(header, tags);
            }
        }
        return tags;
    }

    private boolean isJson(byte[] value) {
        if (isJson == null) {
            isJson = RawJson.isOneValue(value);
        }
        return isJson;
    }

    private static boolean isBase64(Map<String, String> tags) {
        return tags.containsKey("enc");
    }

    private static void show(Header header, Map<String, String> tags) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(header.value()))
                            .toString();
            tags.put(TEXT_HEADER + header.key(), text);
        } catch (CharacterCodingException notText) {
            tags.put(
                    BINARY_HEADER + header.key(),
                    Base64.getEncoder().encodeToString(header.value()));
        }
    }

    private @Nullable ClientInfo publisher(Namespace namespace) {
        Header player = headers.lastHeader(TrustedHeaders.PLAYER);
        if (!namespace.showPublisher() || player == null) {
            return null;
        }
        return new ClientInfo(
                text(player),
                text(headers.lastHeader(TrustedHeaders.CONNECTION)),
                raw(headers.lastHeader(TrustedHeaders.INFO)),
                NOTHING);
    }

    private static String text(@Nullable Header header) {
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] raw(@Nullable Header header) {
        return header == null ? NOTHING : header.value();
    }
}
