package io.grandstand.gateway.presence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A record of the presence topic.
///
/// | key | value |
/// |---|---|
/// | `member 0 channel 0 connection` | who it is, and on which node |
/// | `count 0 channel 0 node` | how many connections and users the node has there |
/// | `node 0 node` | that the node lives |
///
/// A tombstone takes it back.
sealed interface PresenceRecord {
    ObjectMapper JSON = new ObjectMapper();
    JsonFactory FACTORY = new JsonFactory();

    /// A connection is in a channel; `member` is null when it left.
    record Present(String channel, String client, @Nullable Member member, String node)
            implements PresenceRecord {
        @Override
        public byte[] key() {
            return PresenceRecord.key("member", channel, client);
        }

        @Override
        public byte @Nullable [] value() {
            return member == null
                    ? null
                    : object(json -> {
                        json.writeStringField("user", member.user());
                        json.writeStringField("node", node);
                        writeRaw(json, "conn", member.connInfo());
                        writeRaw(json, "chan", member.chanInfo());
                    });
        }
    }

    /// How many a node has in a channel; both 0 when it has none any more.
    record Counted(String channel, String node, long clients, long users)
            implements PresenceRecord {
        @Override
        public byte[] key() {
            return PresenceRecord.key("count", channel, node);
        }

        @Override
        public byte @Nullable [] value() {
            return clients == 0
                    ? null
                    : object(json -> {
                        json.writeNumberField("clients", clients);
                        json.writeNumberField("users", users);
                    });
        }
    }

    /// A node lives; or, with a tombstone, ended in order.
    record Alive(String node, boolean ended) implements PresenceRecord {
        @Override
        public byte[] key() {
            return PresenceRecord.key("node", node);
        }

        @Override
        public byte @Nullable [] value() {
            return ended ? null : object(_ -> {});
        }
    }

    byte[] key();

    byte @Nullable [] value();

    /// The record, or null where it is none of ours.
    static @Nullable PresenceRecord parse(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null) {
            return null;
        }
        String[] parts = new String(key, StandardCharsets.UTF_8).split("\0", -1);
        try {
            JsonNode json = value == null ? null : JSON.readTree(value);
            return switch (parts[0] + parts.length) {
                case "member3" ->
                        new Present(
                                parts[1],
                                parts[2],
                                json == null ? null : member(parts[2], json),
                                json == null ? "" : json.path("node").asText());
                case "count3" ->
                        new Counted(
                                parts[1],
                                parts[2],
                                json == null ? 0 : json.path("clients").asLong(),
                                json == null ? 0 : json.path("users").asLong());
                case "node2" -> new Alive(parts[1], json == null);
                default -> null;
            };
        } catch (IOException notOurs) {
            return null;
        }
    }

    private static Member member(String client, JsonNode json) {
        return new Member(json.path("user").asText(), client, raw(json, "conn"), raw(json, "chan"));
    }

    private static byte[] raw(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void writeRaw(JsonGenerator json, String field, byte[] value)
            throws IOException {
        if (value.length > 0) {
            json.writeFieldName(field);
            json.writeRawValue(new String(value, StandardCharsets.UTF_8));
        }
    }

    private static byte[] key(String... parts) {
        return String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
    }

    /// Writes the fields of a JSON object.
    private static byte[] object(Fields fields) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
            generator.writeStartObject();
            fields.write(generator);
            generator.writeEndObject();
        } catch (IOException intoMemory) {
            throw new UncheckedIOException(intoMemory);
        }
        return bytes.toByteArray();
    }

    /// Writes fields.
    interface Fields {
        void write(JsonGenerator generator) throws IOException;
    }
}
