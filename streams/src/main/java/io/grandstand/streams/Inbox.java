package io.grandstand.streams;

import io.grandstand.events.DeadLetter;
import io.grandstand.events.Json;
import io.grandstand.events.PlayerProfile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Reads what anyone may have written to an input topic. What cannot be read is thrown as an
/// `InvalidRecordException` or `IllegalArgumentException` that says why; its catcher sends a dead
/// letter.
public final class Inbox {
    /// A dead letter must fit a topic's largest record, whatever it is about.
    private static final int REASON_LENGTH_MAX = 500;

    private static final int KEY_BYTES_MAX = 1024;

    private Inbox() {}

    /// The player that a record's key names.
    public static String player(byte @Nullable [] key) {
        String player = text(key);
        if (!PlayerProfile.isPlayer(player)) {
            throw new IllegalArgumentException(
                    "key is no player: must be 1 to %d characters, none of them a control character"
                            .formatted(PlayerProfile.PLAYER_LENGTH_MAX));
        }
        return player;
    }

    /// A key as text.
    public static String text(byte @Nullable [] key) {
        if (key == null) {
            throw new IllegalArgumentException("key is missing");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("key is not UTF-8", e);
        }
    }

    /// A value of this type.
    public static <V> V value(byte @Nullable [] value, Class<V> type) {
        if (value == null) {
            throw new IllegalArgumentException("value is missing");
        }
        return Json.read(value, type);
    }

    /// What tells of a record that could not be read.
    public static DeadLetter deadLetter(
            RecordMetadata where, Record<byte[], byte[]> record, @Nullable String reason) {
        byte[] key = record.key();
        String why = reason == null ? "unknown" : reason;
        return DeadLetter.of(
                where.topic(),
                where.partition(),
                where.offset(),
                why.length() <= REASON_LENGTH_MAX ? why : why.substring(0, REASON_LENGTH_MAX) + "…",
                key == null || key.length <= KEY_BYTES_MAX
                        ? key
                        : Arrays.copyOf(key, KEY_BYTES_MAX),
                record.value());
    }
}
