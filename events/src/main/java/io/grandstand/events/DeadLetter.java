package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A record that could not be understood, and why. Topic `dead-letter`, keyed by the topic it came
/// from.
///
/// @param key the record's key as text; absent where it had none or one that is not UTF-8
/// @param value the record's value as text, at most 4,096 bytes of it; absent where it is not UTF-8
/// @param base64 the same bytes where they are not UTF-8
/// @param size the value's full size in bytes; -1 for a null value
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetter(
        String topic,
        int partition,
        long offset,
        String reason,
        @Nullable String key,
        @Nullable String value,
        @Nullable String base64,
        int size) {
    private static final int VALUE_BYTES_MAX = 4096;

    public static DeadLetter of(
            String topic,
            int partition,
            long offset,
            String reason,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        int size = value == null ? -1 : value.length;
        byte[] head =
                value == null
                        ? new byte[0]
                        : size <= VALUE_BYTES_MAX
                                ? value
                                : java.util.Arrays.copyOf(value, VALUE_BYTES_MAX);
        String text = utf8(head);
        return new DeadLetter(
                topic,
                partition,
                offset,
                reason,
                key == null ? null : utf8(key),
                text,
                text == null ? Base64.getEncoder().encodeToString(head) : null,
                size);
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}
