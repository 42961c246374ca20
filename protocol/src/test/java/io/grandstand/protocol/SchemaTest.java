package io.grandstand.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;

/// `client.proto` is what is spoken: what is written in Protobuf, read by the schema alone, has the
/// names and values of what is written in JSON.
class SchemaTest {
    /// What a field of a message holds.
    ///
    /// @param type of each value, as the schema spells it; of a map that of its values
    private record Field(String name, String type, boolean repeated, boolean map) {}

    private static final Pattern MESSAGE =
            Pattern.compile("message (\\w+) \\{(.*?)\\}", Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("(repeated )?(map<string, )?(\\w+)>? (\\w+) = (\\d+);");

    private static final Map<String, Map<Integer, Field>> SCHEMA = schema();

    @Property(edgeCases = EdgeCasesMode.NONE)
    void commandsAreWrittenAsTheSchemaSays(@ForAll("commands") Command command) throws Exception {
        check("Command", Codec.PROTOBUF.encode(command), Codec.JSON.encode(command));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void messagesAreWrittenAsTheSchemaSays(@ForAll("messages") Message message) throws Exception {
        check("Reply", Codec.PROTOBUF.encode(message), Codec.JSON.encode(message));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void barePushesAreWrittenAsTheSchemaSays(@ForAll("pushes") Message.Push push) throws Exception {
        check("Push", Codec.PROTOBUF.encodeBare(push), Codec.JSON.encodeBare(push));
    }

    @Example
    void everyFieldOfTheSchemaIsWritten() throws Exception {
        Set<String> written = new TreeSet<>();
        var random = new Random(1);
        for (Command command : samples(commands(), random)) {
            read("Command", stream(Codec.PROTOBUF.encode(command)), written);
        }
        for (Message message : samples(messages(), random)) {
            read("Reply", stream(Codec.PROTOBUF.encode(message)), written);
        }
        Set<String> all = new TreeSet<>();
        SCHEMA.forEach((message, fields) ->
                fields.values().forEach(field -> all.add(message + "." + field.name)));
        // Only ever read, and in a test of its own.
        all.removeIf(field -> field.startsWith("EmulationRequest."));
        assertThat(written).isEqualTo(all);
    }

    @Provide
    static Arbitrary<Command> commands() {
        return Any.command(Any.JSON);
    }

    @Provide
    static Arbitrary<Message> messages() {
        return Any.message(Any.JSON);
    }

    @Provide
    static Arbitrary<Message.Push> pushes() {
        return Any.push(Any.JSON);
    }

    private static <T> List<T> samples(Arbitrary<T> arbitrary, Random random) {
        return arbitrary.generator(1000).stream(random).limit(3000).map(Shrinkable::value).toList();
    }

    private static void check(String message, byte[] protobuf, byte[] json) throws IOException {
        assertThat(read(message, stream(protobuf), new TreeSet<>()))
                .isEqualTo(withoutZeros(message, parse(json)));
    }

    /// The bytes of one message, its length read.
    private static CodedInputStream stream(byte[] delimited) throws IOException {
        var in = CodedInputStream.newInstance(delimited);
        assertThat(in.readRawVarint32()).isEqualTo(delimited.length - in.getTotalBytesRead());
        return in;
    }

    /// A message in Protobuf as names and values.
    ///
    /// @param met gets the names of all fields that occur
    private static Map<String, Object> read(String message, CodedInputStream in, Set<String> met)
            throws IOException {
        var values = new TreeMap<String, Object>();
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            int number = WireFormat.getTagFieldNumber(tag);
            Field field = fields(message).get(number);
            assertThat(field).as(message + " " + number).isNotNull();
            met.add(message + "." + field.name);
            if (field.map) {
                var entry = CodedInputStream.newInstance(in.readByteArray());
                assertThat(entry.readTag()).isEqualTo(1 << 3 | 2);
                String key = entry.readString();
                assertThat(entry.readTag()).isEqualTo(2 << 3 | 2);
                map(values, field).put(key, value(field.type, entry, met));
                assertThat(entry.isAtEnd()).isTrue();
            } else if (field.repeated) {
                list(values, field).add(value(field.type, in, met));
            } else {
                assertThat(values.put(field.name, value(field.type, in, met))).isNull();
            }
        }
        return values;
    }

    private static Object value(String type, CodedInputStream in, Set<String> met)
            throws IOException {
        return switch (type) {
            case "uint32", "uint64", "int32", "int64" -> "number " + in.readInt64();
            case "bool" -> "bool " + in.readBool();
            case "string" -> "text " + in.readStringRequireUtf8();
            case "bytes" -> parse(in.readByteArray());
            default -> read(type, CodedInputStream.newInstance(in.readByteArray()), met);
        };
    }

    /// A message in JSON without the zero values that JSON has and Protobuf has not.
    private static Map<String, Object> withoutZeros(String message, Object json) {
        var values = new TreeMap<String, Object>();
        asMap(json)
                .forEach((name, value) -> {
                    Field field =
                            fields(message).values().stream()
                                    .filter(any -> any.name.equals(name))
                                    .findAny()
                                    .orElseThrow(() -> new AssertionError(message + "." + name));
                    if (field.map) {
                        asMap(value)
                                .forEach((key, element) ->
                                        map(values, field).put(key, inside(field, element)));
                    } else if (field.repeated) {
                        for (Object element : (List<?>) value) {
                            list(values, field).add(inside(field, element));
                        }
                    } else if (!isZero(field, value)) {
                        values.put(name, inside(field, value));
                    }
                });
        return values;
    }

    private static Object inside(Field field, Object value) {
        return SCHEMA.containsKey(field.type) ? withoutZeros(field.type, value) : value;
    }

    private static boolean isZero(Field field, Object value) {
        return switch (field.type) {
            case "string", "uint32", "uint64" -> value.equals("text ") || value.equals("number 0");
            default -> false;
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> values, Field field) {
        return (Map<String, Object>) values.computeIfAbsent(field.name, _ -> new TreeMap<>());
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Map<String, Object> values, Field field) {
        return (List<Object>) values.computeIfAbsent(field.name, _ -> new ArrayList<>());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object json) {
        return (Map<String, Object>) json;
    }

    /// Objects as maps, lists as lists, and anything else as its kind and text.
    private static Object parse(byte[] json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return parse(parser);
        }
    }

    private static Object parse(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = new TreeMap<String, Object>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, parse(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                var list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(parse(parser));
                }
                yield list;
            }
            case VALUE_STRING -> "text " + parser.getText();
            case VALUE_TRUE, VALUE_FALSE -> "bool " + parser.getText();
            default -> "number " + parser.getText();
        };
    }

    private static Map<Integer, Field> fields(String message) {
        return Optional.ofNullable(SCHEMA.get(message)).orElseThrow();
    }

    private static Map<String, Map<Integer, Field>> schema() {
        String text;
        try {
            text = Files.readString(Path.of("src/main/proto/client.proto"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var schema = new HashMap<String, Map<Integer, Field>>();
        Matcher message = MESSAGE.matcher(text.replaceAll("//.*", ""));
        while (message.find()) {
            var fields = new TreeMap<Integer, Field>();
            Matcher field = FIELD.matcher(message.group(2));
            while (field.find()) {
                fields.put(
                        Integer.valueOf(field.group(5)),
                        new Field(
                                field.group(4),
                                field.group(3),
                                field.group(1) != null,
                                field.group(2) != null));
            }
            schema.put(message.group(1), fields);
        }
        return schema;
    }
}
