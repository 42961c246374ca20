package io.grandstand.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grandstand.protocol.Codec.Malformed;
import java.io.IOException;
import java.util.Map;

/// Reads Protobuf messages field by field. A field of another wire type than its own is
/// `Malformed`; what else is wrong with the bytes is an `IOException`.
///
/// Nothing is allocated by a length that the frame does not hold.
final class ProtobufReader {
    private final CodedInputStream in;
    private int tag;

    /// Reads the fields of one message up to its end.
    interface MessageReader<T> {
        T read(ProtobufReader in) throws IOException, Malformed;
    }

    ProtobufReader(byte[] frame) {
        in = CodedInputStream.newInstance(frame);
    }

    /// Whether the frame, or the current message, has no more bytes.
    boolean isAtEnd() throws IOException {
        return in.isAtEnd();
    }

    /// A message that is preceded by its length.
    <T> T delimited(MessageReader<T> reader) throws IOException, Malformed {
        int outer = in.pushLimit(in.readRawVarint32());
        T message = reader.read(this);
        in.popLimit(outer);
        return message;
    }

    /// Steps to the next field of the current message; false at its end.
    boolean nextField() throws IOException {
        if (in.isAtEnd()) {
            return false;
        }
        tag = in.readTag();
        return true;
    }

    /// The field's number.
    int field() {
        return WireFormat.getTagFieldNumber(tag);
    }

    <T> T message(MessageReader<T> reader) throws IOException, Malformed {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return delimited(reader);
    }

    void skip() throws IOException, Malformed {
        int type = WireFormat.getTagWireType(tag);
        if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
            // Long gone from Protobuf, and a way to nest without end.
            throw new Malformed("a group");
        }
        in.skipField(tag);
    }

    String text() throws IOException, Malformed {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return in.readStringRequireUtf8();
    }

    byte[] bytes() throws IOException, Malformed {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return in.readByteArray();
    }

    boolean bool() throws IOException, Malformed {
        expect(WireFormat.WIRETYPE_VARINT);
        return in.readBool();
    }

    /// An unsigned number that is kept in a signed long.
    long unsigned() throws IOException, Malformed {
        return notNegative(int64());
    }

    long uint32() throws IOException, Malformed {
        expect(WireFormat.WIRETYPE_VARINT);
        return Integer.toUnsignedLong(in.readUInt32());
    }

    /// An unsigned number that is kept in a signed int.
    int code() throws IOException, Malformed {
        return (int) notNegative(int32());
    }

    /// As `code`, but longer times than its 68 years are cut to them.
    int seconds() throws IOException, Malformed {
        return (int) Math.min(uint32(), Integer.MAX_VALUE);
    }

    int int32() throws IOException, Malformed {
        expect(WireFormat.WIRETYPE_VARINT);
        return in.readInt32();
    }

    long int64() throws IOException, Malformed {
        expect(WireFormat.WIRETYPE_VARINT);
        return in.readInt64();
    }

    /// Puts one entry of a map of texts into `map`.
    void textEntry(Map<String, String> map) throws IOException, Malformed {
        entry(map, ProtobufReader::text, _ -> "");
    }

    /// Puts one entry of a map of messages into `map`.
    <T> void messageEntry(Map<String, T> map, MessageReader<T> reader)
            throws IOException, Malformed {
        // At the end of an entry without a value, no field stands before `reader`, which is the
        // empty message.
        entry(map, in -> in.message(reader), reader);
    }

    private <T> void entry(Map<String, T> map, MessageReader<T> reader, MessageReader<T> absent)
            throws IOException, Malformed {
        var _ =
                message(in -> {
                    String key = "";
                    T value = null;
                    while (in.nextField()) {
                        switch (in.field()) {
                            case 1 -> key = in.text();
                            case 2 -> value = reader.read(in);
                            default -> in.skip();
                        }
                    }
                    return map.put(key, value == null ? absent.read(in) : value);
                });
    }

    private static long notNegative(long value) throws Malformed {
        if (value < 0) {
            throw new Malformed("number out of range");
        }
        return value;
    }

    private void expect(int wireType) throws Malformed {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw new Malformed("wrong wire type of field " + field());
        }
    }
}
