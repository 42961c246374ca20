package io.grandstand.protocol;

import java.util.List;

/// One of the protocol's two formats. Thread-safe.
///
/// What `encode` returns is one message with its format's own delimiting: frames are made by
/// joining messages, JSON with a newline in between, Protobuf with nothing (each message brings its
/// length). Whatever is wrong with a frame ends in `Malformed`, never in another exception; unknown
/// fields are ignored.
public sealed interface Codec permits JsonCodec, ProtobufCodec {
    Codec JSON = new JsonCodec();
    Codec PROTOBUF = new ProtobufCodec();

    /// The frame is not a sequence of messages.
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            // No stack trace: hostile clients cause it at will.
            super(message, null, false, false);
        }
    }

    /// The commands of a frame, at least one.
    List<Command> commands(byte[] frame) throws Malformed;

    /// The bare connect request that opens a unidirectional connection; an empty frame, and `{}`
    /// and `null` in JSON, are one without a token.
    Command.Connect connect(byte[] frame) throws Malformed;

    /// The messages of a frame. Those of a kind that is not known here are left out.
    List<Message> messages(byte[] frame) throws Malformed;

    byte[] encode(Command command);

    byte[] encode(Message message);

    /// A push as a unidirectional connection gets it, without the envelope of a reply.
    byte[] encodeBare(Message.Push push);
}
