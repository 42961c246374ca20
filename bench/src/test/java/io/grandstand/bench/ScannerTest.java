package io.grandstand.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.protocol.ClientInfo;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.Publication;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// The scanners find in frames what the codecs put there.
class ScannerTest {
    /// What a scanner found, as text.
    private static final class Heard implements Scanner.Sink {
        final List<String> events = new ArrayList<>();

        @Override
        public void push(Scanner.Push push) {
            events.add(
                    "push %s %d %s"
                            .formatted(
                                    text(push, push.channelFrom, push.channelTo),
                                    push.offset,
                                    text(push, push.dataFrom, push.dataTo)));
        }

        @Override
        public void other(long id, byte[] bytes, int from, int to) {
            events.add(
                    "other %d %d"
                            .formatted(id, Arrays.hashCode(Arrays.copyOfRange(bytes, from, to))));
        }

        @Override
        public void ping() {
            events.add("ping");
        }

        private static String text(Scanner.Push push, int from, int to) {
            return new String(push.bytes, from, to - from, UTF_8);
        }
    }

    @Property
    void whatTheJsonCodecWritesIsFound(@ForAll("messages") List<Message> messages) {
        check(messages, Codec.JSON, new JsonScanner());
    }

    @Property
    void whatTheProtobufCodecWritesIsFound(@ForAll("messages") List<Message> messages) {
        check(messages, Codec.PROTOBUF, new ProtobufScanner());
    }

    private static void check(List<Message> messages, Codec codec, Scanner scanner) {
        var frame = new ByteArrayOutputStream();
        var expected = new ArrayList<String>();
        frame.writeBytes("before".getBytes(UTF_8));
        for (Message message : messages) {
            byte[] bytes = codec.encode(message);
            if (codec == Codec.JSON && !expected.isEmpty()) {
                frame.write('\n');
            }
            frame.writeBytes(bytes);
            expected.add(expected(message, bytes));
        }
        int to = frame.size();
        frame.writeBytes("\"}behind".getBytes(UTF_8));
        var heard = new Heard();
        scanner.scan(frame.toByteArray(), "before".length(), to, new Scanner.Push(), heard);
        assertThat(heard.events).isEqualTo(expected);
    }

    private static String expected(Message message, byte[] bytes) {
        return switch (message) {
            case Message.Ping _ -> "ping";
            case Message.Push(String channel, Message.PublicationEvent(Publication publication)) ->
                    "push %s %d %s"
                            .formatted(
                                    channel,
                                    publication.offset(),
                                    new String(publication.data(), UTF_8));
            case Message.Push _ -> "other 0 " + Arrays.hashCode(bytes);
            case Message.Reply(long id, _) -> "other %d %d".formatted(id, Arrays.hashCode(bytes));
        };
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<String> channels =
                Arbitraries.strings().withChars("abc:-_09").ofMinLength(1).ofMaxLength(20);
        Arbitrary<String> data =
                Arbitraries.of(
                        "{}",
                        "[]",
                        "17",
                        "null",
                        "\"a \\\"quoted\\\" brace } and \\\\\"",
                        "{\"s\":1,\"t\":2,\"p\":\"xxx\"}",
                        "{\"push\":{\"channel\":\"no\",\"pub\":{\"data\":[{},[1,{\"id\":9}]]}}}");
        Arbitrary<Message> publications =
                Combinators.combine(
                                channels,
                                data,
                                Arbitraries.longs().between(0, 1L << 53),
                                Arbitraries.of(true, false))
                        .as((channel, text, offset, isTold) ->
                                new Message.Push(
                                        channel,
                                        new Message.PublicationEvent(
                                                publication(text, offset, isTold))));
        Arbitrary<Message> others =
                Arbitraries.of(
                        new Message.Ping(),
                        new Message.Reply(12, new Message.Published()),
                        new Message.Reply(3, new Message.Failed(100, "a \"word\"", true)),
                        new Message.Push("c", new Message.SubscriptionEnded(2500, "gone")));
        return Arbitraries.oneOf(publications, others).list().ofMinSize(1).ofMaxSize(6);
    }

    private static Publication publication(String data, long offset, boolean isTold) {
        return new Publication(
                data.getBytes(UTF_8),
                isTold ? new ClientInfo("asha", "c1", new byte[0], new byte[0]) : null,
                offset,
                isTold ? Map.of("data", "\"offset\"") : Map.of());
    }

    @Test
    void whatIsCutOffIsMalformed() {
        byte[] json =
                "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":{\"s\":1},\"offset\":1}}}"
                        .getBytes(UTF_8);
        for (int to = 1; to < json.length; to++) {
            byte[] cut = Arrays.copyOf(json, to);
            assertMalformed(new JsonScanner(), cut);
        }
        byte[] protobuf =
                Codec.PROTOBUF.encode(
                        new Message.Push(
                                "c", new Message.PublicationEvent(publication("{}", 7, true))));
        for (int to = 1; to < protobuf.length; to++) {
            assertMalformed(new ProtobufScanner(), Arrays.copyOf(protobuf, to));
        }
    }

    @Test
    void whatIsNoMessageIsMalformed() {
        assertMalformed(new JsonScanner(), "hello".getBytes(UTF_8));
        assertMalformed(new JsonScanner(), "{}{}".getBytes(UTF_8));
    }

    private static void assertMalformed(Scanner scanner, byte[] bytes) {
        assertThatThrownBy(
                        () -> scanner.scan(bytes, 0, bytes.length, new Scanner.Push(), new Heard()))
                .describedAs("%d bytes", bytes.length)
                .isInstanceOf(MalformedException.class);
    }
}
