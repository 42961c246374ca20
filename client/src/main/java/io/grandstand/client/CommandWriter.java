package io.grandstand.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Writes commands as JSON, each on one line.
final class CommandWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    /// The answer to a ping.
    static final String PONG = "{}";

    private CommandWriter() {}

    static String connect(long id, String token) {
        return command(
                id,
                "connect",
                json -> {
                    json.writeStringField("token", token);
                    json.writeStringField("name", "grandstand");
                });
    }

    static String subscribe(long id, String channel) {
        return command(id, "subscribe", json -> json.writeStringField("channel", channel));
    }

    static String subscribe(long id, String channel, Position from) {
        return command(
                id,
                "subscribe",
                json -> {
                    json.writeStringField("channel", channel);
                    json.writeBooleanField("recover", true);
                    json.writeStringField("epoch", from.epoch());
                    json.writeNumberField("offset", from.offset());
                });
    }

    static String unsubscribe(long id, String channel) {
        return command(id, "unsubscribe", json -> json.writeStringField("channel", channel));
    }

    /// @param data one JSON value
    static String publish(long id, String channel, String data) {
        return command(
                id,
                "publish",
                json -> {
                    json.writeStringField("channel", channel);
                    writeRaw(json, data);
                });
    }

    /// @param data one JSON value
    static String rpc(long id, String method, String data) {
        return command(
                id,
                "rpc",
                json -> {
                    json.writeStringField("method", method);
                    writeRaw(json, data);
                });
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static String command(long id, String request, Body body) {
        var out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeObjectFieldStart(request);
            body.write(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /// Line breaks are white space in JSON, and would end the command on the wire.
    private static void writeRaw(JsonGenerator json, String data) throws IOException {
        json.writeFieldName("data");
        json.writeRawValue(data.replace('\n', ' ').replace('\r', ' '));
    }
}
