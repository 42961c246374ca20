package io.grandstand.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes replies and pushes as JSON. Zero values are left out, as clients expect; an empty result
/// is written all the same. Thread-safe.
public final class JsonEncoder {
    /// The ping, and as a command the pong.
    private static final byte[] PING = {'{', '}'};

    public byte[] ping() {
        return PING.clone();
    }

    public byte[] reply(Reply reply) {
        var out = new Bytes(128).text("{\"id\":").number(reply.id());
        switch (reply) {
            case Reply.Connected connected ->
                    out.text(",\"connect\":{\"client\":")
                            .string(connected.client())
                            .text(",\"version\":")
                            .string(connected.version())
                            .text(",\"ping\":")
                            .number(connected.pingSeconds())
                            .text(",\"pong\":true}");
            case Reply.Subscribed subscribed -> subscribed(out, subscribed);
            case Reply.Unsubscribed _ -> out.text(",\"unsubscribe\":{}");
            case Reply.Published _ -> out.text(",\"publish\":{}");
            case Reply.Failed failed -> {
                out.text(",\"error\":{\"code\":")
                        .number(failed.error().code())
                        .text(",\"message\":")
                        .string(failed.error().message());
                if (failed.error().temporary()) {
                    out.text(",\"temporary\":true");
                }
                out.text("}");
            }
        }
        return out.text("}").toArray();
    }

    /// A push of one publication. `channel` is the subscriber's spelling.
    public byte[] publication(String channel, Reply.Publication publication) {
        var out =
                new Bytes(96 + channel.length() + publication.data().length)
                        .text("{\"push\":{\"channel\":")
                        .string(channel)
                        .text(",\"pub\":{\"data\":")
                        .raw(publication.data());
        if (publication.offset() != 0) {
            out.text(",\"offset\":").number(publication.offset());
        }
        Reply.Publication.Tag tag = publication.tag();
        if (tag != null) {
            out.text(",\"tags\":{").string(tag.key).text(":").string(tag.value).text("}");
        }
        return out.text("}}}").toArray();
    }

    /// A push that ends a subscription.
    public byte[] unsubscribe(String channel, Codes.UnsubscribeCode code) {
        return new Bytes(96)
                .text("{\"push\":{\"channel\":")
                .string(channel)
                .text(",\"unsubscribe\":{\"code\":")
                .number(code.code())
                .text(",\"reason\":")
                .string(code.reason())
                .text("}}}")
                .toArray();
    }

    private static void subscribed(Bytes out, Reply.Subscribed subscribed) {
        out.text(",\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":")
                .string(subscribed.epoch());
        if (subscribed.offset() != 0) {
            out.text(",\"offset\":").number(subscribed.offset());
        }
        if (subscribed.wasRecovering()) {
            out.text(",\"was_recovering\":true");
        }
        if (subscribed.recovered()) {
            out.text(",\"recovered\":true");
        }
        out.text("}");
    }

    /// A growing array of UTF-8.
    private static final class Bytes {
        private byte[] bytes;
        private int length;

        Bytes(int capacity) {
            bytes = new byte[capacity];
        }

        /// Plain ASCII, as it is.
        Bytes text(String ascii) {
            return raw(ascii.getBytes(StandardCharsets.ISO_8859_1));
        }

        Bytes string(String text) {
            return text("\"").raw(JsonStringEncoder.getInstance().quoteAsUTF8(text)).text("\"");
        }

        Bytes number(long number) {
            return text(Long.toString(number));
        }

        Bytes raw(byte[] more) {
            if (length + more.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more.length));
            }
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
            return this;
        }

        byte[] toArray() {
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
    }
}
