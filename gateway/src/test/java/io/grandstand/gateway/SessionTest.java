package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.GatewayConfig.Listen;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.FilterNode;
import io.grandstand.protocol.Position;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The life of a connection, on a clock that is moved by hand; and that nothing a client sends
/// breaks it. What needs Kafka is in the acceptance tests.
class SessionTest {
    private static final List<Namespace> NAMESPACES =
            List.of(
                    Namespace.of(
                            "chat",
                            "chat",
                            Mode.STREAM,
                            Permission.ANY,
                            Permission.ANY,
                            KeySource.CHANNEL),
                    Namespace.writable("ask", Permission.ANY, KeySource.PLAYER));

    private static final Duration LIFE = Duration.ofMinutes(1);

    @Test
    void whoDoesNotSayWhoTheyAreIsClosed() {
        TestSession connection = TestSession.of(NAMESPACES, Wire.WEBSOCKET_JSON);
        connection.pass(Duration.ofMillis(9_999));
        assertThat(connection.closes).isEmpty();
        connection.pass(Duration.ofMillis(1));
        assertThat(connection.closes).containsExactly("3502 stale");
    }

    @Test
    void aRefusedConnectionAnswersNothingMoreAndIsClosed() {
        TestSession connection = TestSession.of(NAMESPACES, Wire.WEBSOCKET_JSON);
        String expired = connection.token("asha", Duration.ofSeconds(-1));
        connection.receive(
                connect(expired) + "\n{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\"}}");
        assertThat(connection.said())
                .singleElement()
                .asString()
                .startsWith("{\"id\":1,\"error\":{\"code\":109");
        connection.receive("{\"id\":3,\"subscribe\":{\"channel\":\"chat:a\"}}");
        assertThat(connection.said()).isEmpty();
        connection.pass(Duration.ofSeconds(5));
        assertThat(connection.closes).hasSize(1);
    }

    @Test
    void aConnectionOutlivesItsTokenByTheTimeToBringAnother() {
        TestSession connection = TestSession.of(NAMESPACES, Wire.WEBSOCKET_JSON);
        connection.receive(connect(connection.token("asha", LIFE)));
        connection.pass(LIFE.plus(Session.EXPIRY_GRACE).minusMillis(1));
        connection.session.ping();
        assertThat(connection.closes).isEmpty();
        connection.pass(Duration.ofMillis(1));
        connection.session.ping();
        assertThat(connection.closes).containsExactly("3005 connection expired");
    }

    @Test
    void aTokenIsRenewedForTheSamePlayerOnly() {
        TestSession connection = TestSession.of(NAMESPACES, Wire.WEBSOCKET_JSON);
        connection.receive(connect(connection.token("asha", LIFE)));
        connection.said();
        connection.receive(refresh(connection.token("asha", Duration.ofMinutes(10))));
        assertThat(connection.said())
                .singleElement()
                .asString()
                .contains("\"expires\":true,\"ttl\":600");
        connection.receive(refresh(connection.token("ben", LIFE)));
        assertThat(connection.closes).containsExactly("3500 invalid token");
    }

    /// Some clients count pings alone as a sign of life, others answer none.
    @Test
    void whereTheTransportPingsTheProtocolDoesNot() {
        var config =
                GatewayConfig.of(new Listen("localhost", 0, Set.of()), NAMESPACES)
                        .withAnonymous(true);
        TestSession connection =
                TestSession.withTransportPings(new EmbeddedChannel(), config, Wire.WEBSOCKET_JSON);
        connection.receive("{\"id\":1,\"connect\":{}}");
        assertThat(connection.said())
                .singleElement()
                .asString()
                .contains("\"ping\":25")
                .doesNotContain("\"pong\"");
        connection.session.ping();
        connection.session.checkPong();
        assertThat(connection.said()).isEmpty();
        assertThat(connection.transportPings).isEqualTo(1);
        assertThat(connection.closes).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":2,\"connect\":{}}",
                "{\"id\":2}",
                "{\"subscribe\":{\"channel\":\"chat:a\"}}",
                "{\"id\":2,\"subscribe\":{}}",
                "{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\",\"delta\":\"other\"}}",
                "{\"id\":2,\"refresh\":{}}",
                "[]",
                "{",
            })
    void whatBreaksTheRulesEndsTheConnection(String frame) {
        TestSession connection = TestSession.of(NAMESPACES, Wire.WEBSOCKET_JSON);
        connection.receive("{\"id\":1,\"connect\":{}}");
        connection.receive(frame);
        assertThat(connection.closes).containsExactly("3501 bad request");
    }

    /// A unidirectional client is told by the code alone whether to come back.
    @Test
    void connectErrorsOfAUnidirectionalClientAreDisconnects() {
        TestSession expired = TestSession.of(NAMESPACES, Wire.UNI_SSE);
        expired.receive(
                "{\"token\":\"%s\"}".formatted(expired.token("asha", Duration.ofSeconds(-1))));
        assertThat(expired.closes).containsExactly("3005 connection expired");

        TestSession forged = TestSession.of(NAMESPACES, Wire.UNI_SSE);
        forged.receive("{\"token\":\"forged\"}");
        assertThat(forged.closes).containsExactly("3500 invalid token");

        TestSession denied = TestSession.of(NAMESPACES, Wire.UNI_SSE);
        denied.receive("{\"subs\":{\"ask\":{}}}");
        assertThat(denied.closes).containsExactly("3507 permission denied");
    }

    /// Frames of commands, right and wrong, whole and damaged, on every kind of connection. What
    /// comes of them is answers, or an end with a plain word; never an exception, never a word
    /// after the end.
    @Property(tries = 3000)
    void nothingThatAClientSendsBreaksASession(@ForAll Wire wire, @ForAll long seed) {
        var random = new SplittableRandom(seed);
        TestSession connection = TestSession.of(NAMESPACES, wire);
        if (!wire.isUnidirectional() && random.nextInt(8) > 0) {
            connection.session.received(
                    wire.codec().encode(new Command(1, Command.Connect.withToken(""))));
        }
        for (int i = random.nextInt(12); i >= 0; i--) {
            boolean isOver = !connection.closes.isEmpty();
            connection.written.clear();
            connection.session.received(frame(wire.codec(), random));
            if (random.nextInt(6) == 0) {
                connection.session.ping();
                connection.session.checkPong();
            }
            if (random.nextInt(6) == 0) {
                connection.pass(Duration.ofMillis(random.nextInt(6_000)));
            }
            assertThat(isOver && !connection.written.isEmpty()).isFalse();
        }
        connection.pass(Duration.ofSeconds(20));
        assertThat(connection.closes).hasSizeLessThanOrEqualTo(1);
        assertThat(connection.closes).allMatch(close -> close.matches("\\d{4} [a-z ]+"));
    }

    private static byte[] frame(Codec codec, SplittableRandom random) {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            return noise;
        }
        var frame = new ByteArrayOutputStream();
        for (int i = random.nextInt(3); i >= 0; i--) {
            frame.writeBytes(codec.encode(command(random)));
            frame.writeBytes(codec == Codec.JSON ? new byte[] {'\n'} : new byte[0]);
        }
        byte[] bytes = frame.toByteArray();
        return random.nextInt(3) == 0 ? damaged(bytes, random) : bytes;
    }

    private static byte[] damaged(byte[] frame, SplittableRandom random) {
        byte[] damaged = frame.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextBoolean()
                ? damaged
                : Arrays.copyOf(damaged, random.nextInt(damaged.length) + 1);
    }

    private static Command command(SplittableRandom random) {
        String channel =
                pick(random, "chat:a", "chat:b", "/chat/a", "ask", "ask:x", "other:1", "chat:", "");
        byte[] data =
                pick(
                                random,
                                "{}",
                                "1",
                                "null",
                                "\"é\"",
                                "{\"channel\":\"chat:a\",\"data\":{\"a\":[1]}}",
                                "{\"channel\":\"chat:a\",\"data\":1,\"id\":\"x\"}",
                                "{\"headers\":{\"gs-player\":\"ben\"}}")
                        .getBytes(UTF_8);
        int type = random.nextInt(4) - 1;
        Command.Request request =
                switch (random.nextInt(13)) {
                    case 0 -> Command.Connect.withToken(pick(random, "", "forged", "a.b.c"));
                    case 1, 2 -> Command.Subscribe.to(channel);
                    case 3 ->
                            new Command.Subscribe(
                                    channel,
                                    pick(random, "", "forged"),
                                    random.nextBoolean(),
                                    pick(random, "", "_", "e.0"),
                                    random.nextLong(1L << 40),
                                    data,
                                    true,
                                    true,
                                    true,
                                    pick(random, "", "fossil"),
                                    random.nextBoolean()
                                            ? null
                                            : new FilterNode(
                                                    pick(random, "", "and", "not"),
                                                    "k",
                                                    pick(random, "eq", "gt", "like"),
                                                    "1e9",
                                                    List.of(),
                                                    List.of()),
                                    random.nextInt(4),
                                    type);
                    case 4 -> new Command.Unsubscribe(channel);
                    case 5 -> new Command.Publish(channel, data, type);
                    case 6 -> new Command.Presence(channel);
                    case 7 ->
                            new Command.History(
                                    channel,
                                    random.nextInt(-2, 400),
                                    random.nextBoolean() ? null : new Position(7, "e.0"),
                                    random.nextBoolean());
                    case 8 -> new Command.Ping();
                    case 9 -> new Command.Rpc(pick(random, "publish", "dance"), data);
                    case 10 -> new Command.Refresh(pick(random, "", "forged"));
                    case 11 -> new Command.SubRefresh(channel, pick(random, "", "forged"), type);
                    default -> new Command.Send(data);
                };
        return random.nextInt(10) == 0
                ? Command.PONG
                : new Command(random.nextInt(20) == 0 ? 0 : random.nextInt(1, 1000), request);
    }

    private static String pick(SplittableRandom random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String connect(String token) {
        return "{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(token);
    }

    private static String refresh(String token) {
        return "{\"id\":9,\"refresh\":{\"token\":\"%s\"}}".formatted(token);
    }
}
