package io.grandstand.gateway.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What keeps a player out although its tokens are good.
///
/// In the topic: key = the player in UTF-8, value = `{"deniedUntil":<ms since the epoch>,
/// "issuedBefore":<ms since the epoch>,"reason":"…"}`, each field optional; a tombstone lifts it.
///
/// @param player never empty
/// @param deniedUntil until then the player is refused with any token; null where it is not
/// @param issuedBefore tokens issued earlier are refused for ever, those that do not say when they
///   were issued among them; null refuses none. Tokens know whole seconds alone: one issued later
///   in the same second is refused too
/// @param reason for operators; at most `REASON_CHARS_MAX` characters
public record Revocation(
        String player,
        @Nullable Instant deniedUntil,
        @Nullable Instant issuedBefore,
        String reason) {
    public static final int REASON_CHARS_MAX = 200;

    /// The last millisecond of the year 9999.
    private static final long TIME_MS_MAX = 253_402_300_799_999L;

    private static final JsonFactory FACTORY = new JsonFactory();

    public Revocation {
        require(!player.isEmpty(), "a revocation needs a player");
        require(
                reason.length() <= REASON_CHARS_MAX,
                "reason has %d characters: must be at most %d",
                reason.length(),
                REASON_CHARS_MAX);
        checkTime("deniedUntil", deniedUntil);
        checkTime("issuedBefore", issuedBefore);
    }

    /// Refuses `player` with any token until `until`.
    public static Revocation deny(String player, Instant until, String reason) {
        return new Revocation(player, until, null, reason);
    }

    /// Refuses the tokens of `player` that were issued before `time`.
    public static Revocation ofTokensBefore(String player, Instant time, String reason) {
        return new Revocation(player, null, time, reason);
    }

    /// Whether a token of the player is refused at `now`.
    boolean refuses(@Nullable Instant issuedAt, Instant now) {
        return (deniedUntil != null && now.isBefore(deniedUntil))
                || (issuedBefore != null
                        && (issuedAt == null ? Instant.EPOCH : issuedAt).isBefore(issuedBefore));
    }

    /// Whether it will refuse nothing any more, from `now` on.
    boolean isOver(Instant now) {
        return issuedBefore == null && (deniedUntil == null || !now.isBefore(deniedUntil));
    }

    byte[] toJson() {
        var json = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(json)) {
            generator.writeStartObject();
            if (deniedUntil != null) {
                generator.writeNumberField("deniedUntil", deniedUntil.toEpochMilli());
            }
            if (issuedBefore != null) {
                generator.writeNumberField("issuedBefore", issuedBefore.toEpochMilli());
            }
            generator.writeStringField("reason", reason);
            generator.writeEndObject();
        } catch (IOException intoMemory) {
            throw new UncheckedIOException(intoMemory);
        }
        return json.toByteArray();
    }

    /// Reads a record's value; a longer reason is cut, times that are 0 count as absent, unknown
    /// fields are ignored.
    ///
    /// @throws ClaimException if it is something else
    static Revocation parse(String player, byte[] json) throws ClaimException {
        var fields =
                new Object() {
                    @Nullable Instant deniedUntil;
                    @Nullable Instant issuedBefore;
                    String reason = "";
                };
        try (var parser = new ClaimParser(new String(json, StandardCharsets.UTF_8))) {
            parser.object(
                    "",
                    field -> {
                        switch (field) {
                            case "deniedUntil" -> fields.deniedUntil = time(field, parser);
                            case "issuedBefore" -> fields.issuedBefore = time(field, parser);
                            case "reason" -> fields.reason = parser.text(field);
                            default -> parser.skip();
                        }
                    });
            parser.end();
        } catch (IOException notJson) {
            throw new ClaimException("it is not JSON");
        }
        return new Revocation(
                player,
                fields.deniedUntil,
                fields.issuedBefore,
                fields.reason.substring(0, Math.min(fields.reason.length(), REASON_CHARS_MAX)));
    }

    private static @Nullable Instant time(String field, ClaimParser parser)
            throws IOException, ClaimException {
        long ms = parser.integer(field, TIME_MS_MAX);
        return ms == 0 ? null : Instant.ofEpochMilli(ms);
    }

    private static void checkTime(String what, @Nullable Instant time) {
        require(
                time == null
                        || (time.isAfter(Instant.EPOCH)
                                && !time.isAfter(Instant.ofEpochMilli(TIME_MS_MAX))),
                "%s is %s: must be after 1970 and before the year 10000",
                what,
                time);
    }

    private static void require(boolean holds, String message, @Nullable Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(message, arguments));
        }
    }
}
