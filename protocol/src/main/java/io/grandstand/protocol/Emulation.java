package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.protocol.Codec.Malformed;
import java.io.IOException;

/// Commands that come by a request of their own, to a connection whose transport flows from the
/// server alone. A field that the client left out is empty.
///
/// @param session the connection's secret, as `Connected` told it
/// @param node the node that holds the connection
/// @param data a frame of commands
public record Emulation(String session, String node, byte[] data) {
    /// Of JSON, in which `data` is a string that holds lines of JSON.
    public static Emulation ofJson(byte[] body) throws Malformed {
        try (var in = new JsonReader(JsonCodec.COMMANDS, body)) {
            if (!in.nextValue()) {
                throw new Malformed("empty");
            }
            Emulation emulation = in.object(Emulation::read);
            if (in.nextValue()) {
                throw new Malformed("more than one request");
            }
            return emulation;
        } catch (IOException notJson) {
            throw new Malformed("not JSON");
        }
    }

    /// Of Protobuf: a message without its length before it.
    public static Emulation ofProtobuf(byte[] body) throws Malformed {
        try {
            return read(new ProtobufReader(body));
        } catch (IOException notProtobuf) {
            throw new Malformed("not Protobuf");
        }
    }

    private static Emulation read(JsonReader in) throws IOException, Malformed {
        String session = "";
        String node = "";
        String data = "";
        while (in.nextField()) {
            switch (in.field()) {
                case "session" -> session = in.text();
                case "node" -> node = in.text();
                case "data" -> data = in.text();
                default -> in.skip();
            }
        }
        return new Emulation(session, node, data.getBytes(UTF_8));
    }

    private static Emulation read(ProtobufReader in) throws IOException, Malformed {
        String node = "";
        String session = "";
        byte[] data = {};
        while (in.nextField()) {
            switch (in.field()) {
                case 1 -> node = in.text();
                case 2 -> session = in.text();
                case 3 -> data = in.bytes();
                default -> in.skip();
            }
        }
        return new Emulation(session, node, data);
    }
}
