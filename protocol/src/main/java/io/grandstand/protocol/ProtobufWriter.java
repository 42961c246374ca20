package io.grandstand.protocol;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// One Protobuf message under construction. A field of zero value is left out, unless its method
/// says otherwise.
///
/// Collects the fields and their size first, since the length of a message goes before it: so the
/// array is as long as needed, and nested messages are not copied from one into the next.
final class ProtobufWriter {
    private interface Field {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private final List<Field> fields = new ArrayList<>();
    private int size;

    ProtobufWriter text(int number, String value) {
        return value.isEmpty() ? this : textAlways(number, value);
    }

    private ProtobufWriter textAlways(int number, String value) {
        return add(
                CodedOutputStream.computeStringSize(number, value),
                out -> out.writeString(number, value));
    }

    ProtobufWriter texts(int number, List<String> values) {
        values.forEach(value -> textAlways(number, value));
        return this;
    }

    ProtobufWriter bytes(int number, byte[] value) {
        return value.length == 0
                ? this
                : add(
                        CodedOutputStream.computeByteArraySize(number, value),
                        out -> out.writeByteArray(number, value));
    }

    ProtobufWriter bool(int number, boolean value) {
        return value
                ? add(
                        CodedOutputStream.computeBoolSize(number, true),
                        out -> out.writeBool(number, true))
                : this;
    }

    /// A number of the types uint32, uint64 and int64, which look the same; and int32, whose
    /// negative values do so too once widened.
    ProtobufWriter number(int number, long value) {
        return value == 0
                ? this
                : add(
                        CodedOutputStream.computeInt64Size(number, value),
                        out -> out.writeInt64(number, value));
    }

    /// A message as `writer` writes `value`, even if it has no fields.
    <T> ProtobufWriter message(int number, T value, BiConsumer<ProtobufWriter, T> writer) {
        var message = new ProtobufWriter();
        writer.accept(message, value);
        return message(number, message);
    }

    /// A message that is complete, even if it has no fields.
    ProtobufWriter message(int number, ProtobufWriter value) {
        return add(
                CodedOutputStream.computeTagSize(number) + value.delimitedSize(),
                out -> {
                    // Wire type 2: a length, then as many bytes.
                    out.writeTag(number, 2);
                    value.writeDelimitedTo(out);
                });
    }

    /// A map is a repeated message of key and value.
    ProtobufWriter textMap(int number, Map<String, String> values) {
        values.forEach((key, value) ->
                message(number, new ProtobufWriter().textAlways(1, key).textAlways(2, value)));
        return this;
    }

    <T> ProtobufWriter messageMap(
            int number, Map<String, T> values, BiConsumer<ProtobufWriter, T> writer) {
        values.forEach((key, value) ->
                message(number, new ProtobufWriter().textAlways(1, key).message(2, value, writer)));
        return this;
    }

    /// The message, preceded by its length.
    byte[] toDelimited() {
        byte[] bytes = new byte[delimitedSize()];
        var out = CodedOutputStream.newInstance(bytes);
        try {
            writeDelimitedTo(out);
        } catch (IOException e) {
            throw new AssertionError("the array is as large as computed", e);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    private int delimitedSize() {
        return CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    private void writeDelimitedTo(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(size);
        for (Field field : fields) {
            field.writeTo(out);
        }
    }

    private ProtobufWriter add(int fieldSize, Field field) {
        size += fieldSize;
        fields.add(field);
        return this;
    }
}
