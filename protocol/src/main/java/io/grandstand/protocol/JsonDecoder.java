package io.grandstand.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads the commands of a JSON frame: one object after the other, usually one a line.
///
/// Anything may arrive here, so whatever is wrong ends in `Malformed`, never in another exception.
/// Unknown fields are ignored. Thread-safe.
public final class JsonDecoder {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build();

    /// In order of precedence: where several requests stand in a command, the first here counts.
    private static final List<String> REQUESTS =
            List.of(
                    "connect",
                    "ping",
                    "subscribe",
                    "unsubscribe",
                    "publish",
                    "presence",
                    "presence_stats",
                    "history",
                    "rpc",
                    "send",
                    "refresh",
                    "sub_refresh");

    /// The frame is not a sequence of commands.
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            // No stack trace: hostile clients cause it at will.
            super(message, null, false, false);
        }
    }

    /// At least one command.
    public List<Command> decode(byte[] frame) throws Malformed {
        var commands = new ArrayList<Command>();
        try (JsonParser parser = FACTORY.createParser(frame)) {
            while (parser.nextToken() != null) {
                commands.add(command(parser, frame));
            }
        } catch (IOException notJson) {
            throw new Malformed("not JSON");
        }
        if (commands.isEmpty()) {
            throw new Malformed("no command");
        }
        return commands;
    }

    private static Command command(JsonParser parser, byte[] frame) throws IOException, Malformed {
        expect(parser, JsonToken.START_OBJECT);
        long id = 0;
        int precedence = REQUESTS.size();
        Command.Request request = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            int index = REQUESTS.indexOf(field);
            if (field.equals("id")) {
                id = unsigned(parser);
            } else if (index >= 0 && index < precedence) {
                request = request(field, parser, frame);
                precedence = index;
            } else {
                parser.skipChildren();
            }
        }
        return new Command(id, request);
    }

    private static Command.Request request(String name, JsonParser parser, byte[] frame)
            throws IOException, Malformed {
        expect(parser, JsonToken.START_OBJECT);
        var fields = new Fields();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "token" -> fields.token = text(parser);
                case "channel" -> fields.channel = text(parser);
                case "epoch" -> fields.epoch = text(parser);
                case "recover" -> fields.recover = bool(parser);
                case "offset" -> fields.offset = unsigned(parser);
                case "flag" -> fields.flags = unsigned(parser);
                case "data" -> fields.data = raw(parser, frame);
                default -> parser.skipChildren();
            }
        }
        return switch (name) {
            case "connect" -> new Command.Connect(fields.token);
            case "subscribe" ->
                    new Command.Subscribe(
                            fields.channel,
                            fields.recover,
                            fields.epoch,
                            fields.offset,
                            fields.flags);
            case "unsubscribe" -> new Command.Unsubscribe(fields.channel);
            case "publish" -> new Command.Publish(fields.channel, fields.data);
            default -> new Command.NotOffered(name, name.equals("send"));
        };
    }

    /// What the requests are made of; a field absent in the frame has its zero value.
    private static final class Fields {
        String token = "";
        String channel = "";
        String epoch = "";
        boolean recover;
        long offset;
        long flags;
        byte[] data = new byte[0];
    }

    private static String text(JsonParser parser) throws IOException, Malformed {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return "";
        }
        expect(parser, JsonToken.VALUE_STRING);
        return parser.getText();
    }

    private static boolean bool(JsonParser parser) throws IOException, Malformed {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new Malformed("not a boolean: " + parser.currentName());
        };
    }

    private static long unsigned(JsonParser parser) throws IOException, Malformed {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return 0;
        }
        expect(parser, JsonToken.VALUE_NUMBER_INT);
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || parser.getLongValue() < 0) {
            throw new Malformed("out of range: " + parser.currentName());
        }
        return parser.getLongValue();
    }

    /// The bytes of the value the parser stands on, as they are in the frame but on one line.
    private static byte[] raw(JsonParser parser, byte[] frame) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        return RawJson.onOneLine(frame, start, end);
    }

    private static void expect(JsonParser parser, JsonToken token) throws Malformed {
        if (parser.currentToken() != token) {
            throw new Malformed("unexpected " + parser.currentToken());
        }
    }
}
