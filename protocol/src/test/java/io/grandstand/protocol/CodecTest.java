package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for both formats alike.
class CodecTest {
    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyCommandSurvivesJson(@ForAll("jsonCommands") List<Command> commands) throws Exception {
        byte[] frame = joined(commands.stream().map(Codec.JSON::encode).toList(), "\n");
        assertThat(Shown.of(Codec.JSON.commands(frame))).isEqualTo(Shown.of(commands));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyCommandSurvivesProtobuf(@ForAll("protobufCommands") List<Command> commands)
            throws Exception {
        byte[] frame = joined(commands.stream().map(Codec.PROTOBUF::encode).toList(), "");
        assertThat(Shown.of(Codec.PROTOBUF.commands(frame))).isEqualTo(Shown.of(commands));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyMessageSurvivesJson(@ForAll("jsonMessages") List<Message> messages) throws Exception {
        byte[] frame = joined(messages.stream().map(Codec.JSON::encode).toList(), "\n");
        assertThat(Shown.of(Codec.JSON.messages(frame))).isEqualTo(Shown.of(messages));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyMessageSurvivesProtobuf(@ForAll("protobufMessages") List<Message> messages)
            throws Exception {
        byte[] frame = joined(messages.stream().map(Codec.PROTOBUF::encode).toList(), "");
        assertThat(Shown.of(Codec.PROTOBUF.messages(frame))).isEqualTo(Shown.of(messages));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aJsonMessageIsOneLineOfJson(@ForAll("jsonMessages") List<Message> messages) {
        for (Message message : messages) {
            assertThat(RawJson.isOneValue(Codec.JSON.encode(message))).isTrue();
            assertThat(Codec.JSON.encode(message)).doesNotContain((byte) '\n', (byte) '\r');
        }
    }

    /// Whatever bytes arrive, the answer is a result or `Malformed`.
    @Property(tries = 1000)
    void anyBytesAreReadOrRefused(@ForAll byte[] frame) {
        isReadOrRefused(Codec.JSON, frame);
        isReadOrRefused(Codec.PROTOBUF, frame);
    }

    /// The same for frames that start out well and are then damaged.
    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void damagedJsonIsReadOrRefused(
            @ForAll("jsonCommands") List<Command> commands,
            @ForAll("jsonMessages") List<Message> messages,
            @ForAll long seed) {
        isReadOrRefused(
                Codec.JSON,
                damaged(joined(commands.stream().map(Codec.JSON::encode).toList(), "\n"), seed));
        isReadOrRefused(
                Codec.JSON,
                damaged(joined(messages.stream().map(Codec.JSON::encode).toList(), "\n"), seed));
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void damagedProtobufIsReadOrRefused(
            @ForAll("protobufCommands") List<Command> commands,
            @ForAll("protobufMessages") List<Message> messages,
            @ForAll long seed) {
        isReadOrRefused(
                Codec.PROTOBUF,
                damaged(joined(commands.stream().map(Codec.PROTOBUF::encode).toList(), ""), seed));
        isReadOrRefused(
                Codec.PROTOBUF,
                damaged(joined(messages.stream().map(Codec.PROTOBUF::encode).toList(), ""), seed));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aFrameWithoutAnythingIsMalformed(Codec codec) {
        assertThatThrownBy(() -> codec.commands(new byte[0])).isInstanceOf(Codec.Malformed.class);
        assertThatThrownBy(() -> codec.messages(new byte[0])).isInstanceOf(Codec.Malformed.class);
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void theEmptyCommandIsAPongAndTheEmptyMessageAPing(Codec codec) throws Exception {
        byte[] empty = codec.encode(Command.PONG);
        assertThat(codec.commands(empty)).singleElement().matches(Command::isPong);
        assertThat(codec.encode(new Message.Ping())).isEqualTo(empty);
        assertThat(codec.messages(empty)).containsExactly(new Message.Ping());
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aFilterMayBeSixteenDeepAndNoDeeper(Codec codec) throws Exception {
        Command deepest = new Command(1, filtered(FilterNode.DEPTH_MAX));
        assertThat(Shown.of(codec.commands(codec.encode(deepest))))
                .isEqualTo(Shown.of(List.of(deepest)));
        byte[] deeper = codec.encode(new Command(1, filtered(FilterNode.DEPTH_MAX + 1)));
        assertThatThrownBy(() -> codec.commands(deeper))
                .isInstanceOf(Codec.Malformed.class)
                .hasMessage("filter nested too deep");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void aBareConnectRequestOpensAUnidirectionalConnection(Codec codec) throws Exception {
        assertThat(Shown.of(codec.connect(new byte[0])))
                .isEqualTo(Shown.of(Command.Connect.withToken("")));
    }

    static List<Codec> codecs() {
        return List.of(Codec.JSON, Codec.PROTOBUF);
    }

    @Provide
    static Arbitrary<List<Command>> jsonCommands() {
        return Any.command(Any.JSON).list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    static Arbitrary<List<Command>> protobufCommands() {
        return Any.command(Any.BYTES).list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    static Arbitrary<List<Message>> jsonMessages() {
        return Any.message(Any.JSON).list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    static Arbitrary<List<Message>> protobufMessages() {
        return Any.message(Any.BYTES).list().ofMinSize(1).ofMaxSize(3);
    }

    private static Command.Subscribe filtered(int depth) {
        var node = new FilterNode("", "k", "eq", "v", List.of(), List.of());
        for (int i = 1; i < depth; i++) {
            node = new FilterNode("not", "", "", "", List.of(), List.of(node));
        }
        return new Command.Subscribe(
                "a", "", false, "", 0, new byte[0], false, false, false, "", node, 0, 0);
    }

    private interface Decoder {
        Object decode(byte[] frame) throws Codec.Malformed;
    }

    private static void isReadOrRefused(Codec codec, byte[] frame) {
        for (Decoder decoder :
                List.<Decoder>of(
                        codec::commands,
                        codec::messages,
                        codec::connect,
                        Emulation::ofJson,
                        Emulation::ofProtobuf)) {
            try {
                assertThat(decoder.decode(frame)).isNotNull();
            } catch (Codec.Malformed refused) {
                assertThat(refused).hasMessageMatching("[a-zA-Z][^{}]*");
            }
        }
    }

    private static byte[] damaged(byte[] frame, long seed) {
        var random = new SplittableRandom(seed);
        byte[] damaged = frame.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextBoolean()
                ? damaged
                : Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
    }

    private static byte[] joined(List<byte[]> messages, String separator) {
        var frame = new ByteArrayOutputStream();
        for (int i = 0; i < messages.size(); i++) {
            if (i > 0) {
                frame.writeBytes(separator.getBytes(UTF_8));
            }
            frame.writeBytes(messages.get(i));
        }
        return frame.toByteArray();
    }
}
