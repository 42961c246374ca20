package io.grandstand.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.grandstand.client.ServerMessage.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Reads one frame of a server: JSON objects, one after the other. Unknown fields are ignored.
final class MessageReader {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonParser parser;
    private final byte[] frame;

    private MessageReader(JsonParser parser, byte[] frame) {
        this.parser = parser;
        this.frame = frame;
    }

    /// The frame's messages.
    ///
    /// @throws IOException if it is not JSON objects
    static List<ServerMessage> read(byte[] frame) throws IOException {
        var messages = new ArrayList<ServerMessage>();
        try (JsonParser parser = FACTORY.createParser(frame)) {
            var reader = new MessageReader(parser, frame);
            while (parser.nextToken() != null) {
                messages.add(reader.message());
            }
        }
        return messages;
    }

    private ServerMessage message() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException("not an object: " + parser.currentToken());
        }
        long id = 0;
        LongFunction<Reply> reply = null;
        ServerMessage push = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = parser.getValueAsLong();
                case "error" -> reply = failed(fields());
                case "connect" -> reply = connected(fields());
                case "subscribe" -> reply = subscribed(fields());
                case "rpc" -> reply = called(fields());
                case "push" -> push = push(fields());
                default -> parser.skipChildren();
            }
        }
        if (push != null) {
            return push;
        }
        if (reply != null) {
            return reply.apply(id);
        }
        return id == 0 ? new ServerMessage.Ping() : new ServerMessage.Done(id);
    }

    private static LongFunction<Reply> failed(Fields error) {
        return id -> new ServerMessage.Failed(id, (int) error.code, error.message, error.temporary);
    }

    private static LongFunction<Reply> connected(Fields connect) {
        return id ->
                new ServerMessage.Connected(id, connect.client, (int) connect.ping, connect.pong);
    }

    private static LongFunction<Reply> subscribed(Fields subscribe) {
        return id ->
                new ServerMessage.Subscribed(
                        id,
                        new Position(subscribe.epoch, subscribe.offset),
                        subscribe.recoverable,
                        subscribe.wasRecovering,
                        subscribe.recovered,
                        subscribe.publications);
    }

    private static LongFunction<Reply> called(Fields rpc) {
        return id -> new ServerMessage.Called(id, rpc.data);
    }

    private static ServerMessage push(Fields push) {
        if (push.pub != null) {
            return new ServerMessage.Published(push.channel, push.pub.publication());
        }
        if (push.unsubscribe != null) {
            return new ServerMessage.Unsubscribed(
                    push.channel, (int) push.unsubscribe.code, push.unsubscribe.reason);
        }
        if (push.disconnect != null) {
            return new ServerMessage.Disconnected(
                    (int) push.disconnect.code, push.disconnect.reason);
        }
        return new ServerMessage.Other();
    }

    /// What objects of the protocol are made of; a field absent in the frame has its zero value.
    private static final class Fields {
        long code;
        long ping;
        long offset;
        boolean temporary;
        boolean pong;
        boolean recoverable;
        boolean wasRecovering;
        boolean recovered;
        String message = "";
        String client = "";
        String channel = "";
        String epoch = "";
        String reason = "";
        byte[] data = new byte[0];
        Map<String, String> tags = new HashMap<>();
        List<Publication> publications = new ArrayList<>();
        @Nullable Fields pub;
        @Nullable Fields unsubscribe;
        @Nullable Fields disconnect;

        Publication publication() {
            return new Publication(offset, data, tags);
        }
    }

    private Fields fields() throws IOException {
        var fields = new Fields();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return fields;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "code" -> fields.code = parser.getValueAsLong();
                case "ping" -> fields.ping = parser.getValueAsLong();
                case "offset" -> fields.offset = parser.getValueAsLong();
                case "temporary" -> fields.temporary = parser.getValueAsBoolean();
                case "pong" -> fields.pong = parser.getValueAsBoolean();
                case "recoverable" -> fields.recoverable = parser.getValueAsBoolean();
                case "was_recovering" -> fields.wasRecovering = parser.getValueAsBoolean();
                case "recovered" -> fields.recovered = parser.getValueAsBoolean();
                case "message" -> fields.message = text();
                case "client" -> fields.client = text();
                case "channel" -> fields.channel = text();
                case "epoch" -> fields.epoch = text();
                case "reason" -> fields.reason = text();
                case "data" -> fields.data = raw();
                case "tags" -> readTags(fields.tags);
                case "publications" -> readPublications(fields.publications);
                case "pub" -> fields.pub = fields();
                case "unsubscribe" -> fields.unsubscribe = fields();
                case "disconnect" -> fields.disconnect = fields();
                default -> parser.skipChildren();
            }
        }
        return fields;
    }

    private void readTags(Map<String, String> tags) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                tags.put(name, text());
            }
        } else {
            parser.skipChildren();
        }
    }

    private void readPublications(List<Publication> publications) throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                publications.add(fields().publication());
            }
        } else {
            parser.skipChildren();
        }
    }

    private String text() throws IOException {
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
            return "";
        }
        return parser.getValueAsString("");
    }

    /// The bytes of the value that the parser stands on, as they are in the frame.
    private byte[] raw() throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        return Arrays.copyOfRange(frame, start, end);
    }
}
