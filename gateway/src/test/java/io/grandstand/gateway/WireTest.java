package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.grandstand.gateway.auth.AppData;
import io.grandstand.protocol.ClientInfo;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Codes.ErrorCode;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.Position;
import io.grandstand.protocol.Publication;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Inflater;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final ClientInfo SOMEBODY =
            new ClientInfo("asha", "c-1", "{\"n\":1}".getBytes(UTF_8), new byte[0]);
    private static final Message.Subscribed SUBSCRIBED =
            new Message.Subscribed(
                    true, 60, true, true, "e.0", 1L << 40, List.of(), true, true, new byte[0]);
    private static final Message.Connected CONNECTED =
            new Message.Connected(
                    "c-1",
                    "1.0",
                    false,
                    0,
                    new byte[0],
                    Map.of("result:42", SUBSCRIBED),
                    25,
                    true,
                    "secret",
                    "node");

    private static final Set<Wire> STREAMS =
            EnumSet.of(
                    Wire.STREAM_JSON,
                    Wire.STREAM_PROTOBUF,
                    Wire.SSE,
                    Wire.UNI_STREAM,
                    Wire.UNI_SSE);
    private static final Set<Wire> EVENTS = EnumSet.of(Wire.SSE, Wire.UNI_SSE);
    private static final Set<Wire> DEFLATED =
            EnumSet.of(
                    Wire.WEBSOCKET_JSON_DEFLATED,
                    Wire.WEBSOCKET_PROTOBUF_DEFLATED,
                    Wire.UNI_WEBSOCKET_DEFLATED);

    /// Whatever is sent one after the other on whichever kind of connection, a client reads the
    /// same messages.
    @Property(tries = 500)
    void everyKindOfConnectionCarriesTheSameMessages(
            @ForAll Wire wire, @ForAll @Size(min = 1, max = 6) List<@From("messages") Message> sent)
            throws Exception {
        var bytes = new ByteArrayOutputStream();
        var expected = new ByteArrayOutputStream();
        for (Message message : sent) {
            bytes.writeBytes(wire.bytes(message, 512));
            expected.writeBytes(bare(wire, message));
            expected.writeBytes(separator(wire));
        }
        assertThat(carried(wire, bytes.toByteArray())).isEqualTo(expected.toByteArray());
        if (!wire.isUnidirectional()) {
            // And what was encoded is the message itself, not merely the same bytes.
            assertThat(encodedAgain(wire.codec(), expected.toByteArray()))
                    .isEqualTo(expected.toByteArray());
        }
    }

    /// A unidirectional client gets what is inside the envelope of a reply.
    @Property(tries = 200)
    void aUnidirectionalClientGetsThePushWithoutItsEnvelope(@ForAll("pushes") Message.Push sent)
            throws Exception {
        byte[] event = Received.body(Wire.UNI_STREAM.bytes(sent, 512)).bytes();
        assertThat(JSON.readTree(event))
                .isEqualTo(JSON.readTree(Codec.JSON.encode(sent)).get("push"));
    }

    @Property(tries = 200)
    void whatIsWorthItIsCompressedAndNothingElse(@ForAll @IntRange(max = 2000) int length) {
        byte[] data = ("\"" + "x".repeat(length) + "\"").getBytes(UTF_8);
        var message = new Message.Push("a", new Message.PublicationEvent(publication(data)));
        for (Wire wire : EnumSet.complementOf(EnumSet.copyOf(STREAMS))) {
            byte[] payload = bare(wire, message);
            Received.Frame frame = Received.frames(wire.bytes(message, 512)).getFirst();
            assertThat(frame.rsv() != 0)
                    .describedAs("%s, %d bytes", wire, payload.length)
                    .isEqualTo(DEFLATED.contains(wire) && payload.length >= 512);
            assertThat(frame.type() == TextWebSocketFrame.class).isEqualTo(wire.isJson());
        }
    }

    @Test
    void appDataIsJsonOnJsonWiresAndItselfOnOthers() {
        byte[] noJson = {1, 2, 3};
        byte[] json = "{\"a\":1}".getBytes(UTF_8);
        for (Wire wire : Wire.values()) {
            assertThat(wire.data(AppData.NONE)).isEmpty();
            assertThat(wire.data(new AppData(json, true))).isEqualTo(json);
            assertThat(wire.data(new AppData(noJson, false)))
                    .isEqualTo(wire.isJson() ? "\"AQID\"".getBytes(UTF_8) : noJson);
        }
    }

    @Provide
    Arbitrary<Message> messages() {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(new Message.Ping())),
                Tuple.of(2, results().map(result -> new Message.Reply(7, result))),
                Tuple.of(4, pushes().map(push -> push)));
    }

    @Provide
    Arbitrary<Message.Push> pushes() {
        Arbitrary<Message.Event> events =
                Arbitraries.oneOf(
                        data().map(data -> new Message.PublicationEvent(publication(data))),
                        Arbitraries.of(
                                CONNECTED,
                                new Message.Joined(SOMEBODY),
                                new Message.SubscriptionEnded(2500, "insufficient state"),
                                new Message.Disconnected(3001, "shutdown")));
        return events.map(event -> new Message.Push("result:42", event));
    }

    private static Arbitrary<Message.Result> results() {
        Arbitrary<Message.Result> withData =
                data().map(data ->
                        new Message.HistoryResult(
                                List.of(publication(data)), new Position(1L << 40, "e.0")));
        return Arbitraries.oneOf(
                withData,
                Arbitraries.of(
                        CONNECTED,
                        SUBSCRIBED,
                        new Message.Published(),
                        Message.Failed.of(ErrorCode.INTERNAL)));
    }

    /// Data that makes messages of every length at which frames change their form.
    private static Arbitrary<byte[]> data() {
        return Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.integers().between(0, 700)),
                        Tuple.of(1, Arbitraries.integers().between(65_400, 65_700)))
                .map(length -> ("\"" + "é".repeat(length / 2) + "\"").getBytes(UTF_8));
    }

    private static Publication publication(byte[] data) {
        return new Publication(data, SOMEBODY, 1L << 40, Map.of("h.colour", "red"));
    }

    /// What a client has after its transport's framing is taken off, by code that is not ours.
    private static byte[] carried(Wire wire, byte[] bytes) throws Exception {
        var carried = new ByteArrayOutputStream();
        if (!STREAMS.contains(wire)) {
            try (var inflater = new Inflater(true)) {
                for (Received.Frame frame : Received.frames(bytes)) {
                    carried.writeBytes(
                            frame.rsv() == 0
                                    ? frame.payload()
                                    : Received.inflated(inflater, frame.payload()));
                    carried.writeBytes(separator(wire));
                }
            }
        } else if (EVENTS.contains(wire)) {
            String text = new String(Received.body(bytes).bytes(), UTF_8);
            assertThat(text).endsWith("\n\n");
            for (String event : text.substring(0, text.length() - 2).split("\n\n", -1)) {
                assertThat(event).startsWith("data: ").doesNotContain("\n");
                carried.writeBytes(event.substring("data: ".length()).getBytes(UTF_8));
                carried.writeBytes(separator(wire));
            }
        } else {
            carried.writeBytes(Received.body(bytes).bytes());
        }
        return carried.toByteArray();
    }

    private static byte[] encodedAgain(Codec codec, byte[] frame) throws Exception {
        var encoded = new ByteArrayOutputStream();
        for (Message message : codec.messages(frame)) {
            encoded.writeBytes(codec.encode(message));
            encoded.writeBytes(codec == Codec.JSON ? new byte[] {'\n'} : new byte[0]);
        }
        return encoded.toByteArray();
    }

    /// A message without its transport's framing.
    private static byte[] bare(Wire wire, Message message) {
        return wire.isUnidirectional() && message instanceof Message.Push push
                ? wire.codec().encodeBare(push)
                : wire.codec().encode(message);
    }

    /// JSON messages are kept apart by line ends, Protobuf messages bring their lengths.
    private static byte[] separator(Wire wire) {
        return wire.isJson() ? new byte[] {'\n'} : new byte[0];
    }
}
