package io.grandstand.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.IsolationLevel.READ_COMMITTED;
import static org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<Topic<?>> CATALOGUE = List.of(Topics.ANSWER);
    private static final String TOPIC = Topics.ANSWER.name();

    @TempDir Path temp;

    @Test
    void recordsSurviveARestart() throws Exception {
        try (var broker = EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected)) {
            createTopic(broker.bootstrapServers());
            Records.write(broker.bootstrapServers(), TOPIC, List.of("a", "b"));
        }
        try (var broker = EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected)) {
            Records.write(broker.bootstrapServers(), TOPIC, List.of("c"));
            assertThat(Records.read(broker.bootstrapServers(), TOPIC))
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void aKilledBrokerKeepsWhatItHadAcknowledged() throws Exception {
        List<String> values = IntStream.range(0, 1000).mapToObj(i -> "answer " + i).toList();
        try (var process = BrokerChild.start(temp)) {
            createTopic(process.bootstrapServers());
            Records.write(process.bootstrapServers(), TOPIC, values);
        }
        try (var broker = EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected)) {
            assertThat(Records.read(broker.bootstrapServers(), TOPIC)).isEqualTo(values);
        }
    }

    /// With so many at work, some have decided to commit and are not yet written to all partitions.
    /// One that never ends would keep from its partitions all who read what is committed.
    @Test
    void everyTransactionEndsThoughTheBrokerWasKilledInTheMidst() throws Exception {
        int partitions = Topics.ANSWER.partitions();
        try (var process = BrokerChild.start(temp)) {
            createTopic(process.bootstrapServers());
            try (var transactions =
                    new Transactions(process.bootstrapServers(), TOPIC, partitions, 500)) {
                transactions.awaitCommitted();
                process.kill();
            }
        }
        try (var broker = EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected)) {
            String bootstrap = broker.bootstrapServers();
            Transactions.endAll(bootstrap);
            assertThat(Transactions.ends(bootstrap, TOPIC, partitions, READ_COMMITTED))
                    .isEqualTo(Transactions.ends(bootstrap, TOPIC, partitions, READ_UNCOMMITTED));
        }
    }

    @Test
    void aBrokerListensOnThePortAskedForAndOnLoopbackOnly() throws Exception {
        int port = Ports.find(0).clients();
        try (var broker = EmbeddedBroker.start(temp, port, EmbeddedBrokerTest::unexpected)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            // Another address of this machine is free on the same port.
            try (var other = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.2"))) {
                assertThat(other.isBound()).isTrue();
            }
        }
    }

    @Test
    void closingTwiceIsHarmlessAndFreesTheFolder() {
        var broker = EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected);
        broker.close();
        broker.close();
        DataFolder.open(temp, UsableSpace.OF_THE_DISK).close();
    }

    @Test
    void aTakenPortIsSaid() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            check(
                    () ->
                            EmbeddedBroker.start(
                                    temp, other.getLocalPort(), EmbeddedBrokerTest::unexpected),
                    ("Port %d on 127.0.0.1 is taken: stop the program that listens there, "
                                    + "or choose another port.")
                            .formatted(other.getLocalPort()));
        }
        EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected).close();
    }

    @Test
    void aSecondProcessOnTheSameDataIsToldWhoHasIt() throws Exception {
        try (var process = BrokerChild.start(temp)) {
            check(
                    () -> EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected),
                    ("Process %d already runs a broker on the data folder %s: stop it, or "
                                    + "name another folder.")
                            .formatted(process.pid(), temp));
        }
    }

    @Test
    void aSecondProcessSaysSoInOneLineAndEnds() throws Exception {
        try (var broker = EmbeddedBroker.start(temp, 0, EmbeddedBrokerTest::unexpected)) {
            Process second = BrokerChild.launch(temp, broker.bootstrapServers().substring(10));
            assertThat(new String(second.getErrorStream().readAllBytes(), UTF_8).lines())
                    .containsExactly(
                            ("Process %d already runs a broker on the data folder %s: "
                                            + "stop it, or name another folder.")
                                    .formatted(ProcessHandle.current().pid(), temp));
            assertThat(second.waitFor()).isEqualTo(1);
        }
    }

    @Test
    void dataLostUnderARunningBrokerIsToldInsteadOfEndingTheProcess() throws Exception {
        var told = new CompletableFuture<String>();
        Path data = temp.resolve("data");
        try (var broker = EmbeddedBroker.start(data, 0, told::complete)) {
            Files.move(data.resolve("kafka"), temp.resolve("elsewhere"));
            Files.createFile(data.resolve("kafka"));
            CompletableFuture.runAsync(() -> createTopic(broker.bootstrapServers()))
                    .exceptionally(_ -> null);

            assertThat(told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(
                            ("The Kafka broker on %s can go on no longer: its data is "
                                            + "gone or cannot be read.")
                                    .formatted(data));
        }
    }

    private static void unexpected(String fault) {
        throw new AssertionError(fault);
    }

    private static void createTopic(String bootstrap) {
        assertThat(TopicSetup.apply(Map.of("bootstrap.servers", bootstrap), CATALOGUE, PATIENCE))
                .isEmpty();
    }

    private static void check(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable start, String sentence) {
        assertThatThrownBy(start).isInstanceOf(BrokerStartException.class).hasMessage(sentence);
    }

    /// A broker in a JVM of its own, killed when closed.
    private record BrokerChild(Process process, String bootstrapServers) implements AutoCloseable {
        static BrokerChild start(Path data) throws IOException {
            Process process = launch(data, "0");
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            String line = String.valueOf(out.readLine());
            if (!line.startsWith("ready ")) {
                process.destroyForcibly();
                throw new AssertionError(
                        line + new String(process.getErrorStream().readAllBytes(), UTF_8));
            }
            return new BrokerChild(process, line.substring("ready ".length()));
        }

        static Process launch(Path data, String port) throws IOException {
            return new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Xmx256m",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BrokerProcess.class.getName(),
                            data.toString(),
                            port)
                    .start();
        }

        long pid() {
            return process.pid();
        }

        void kill() {
            process.destroyForcibly().onExit().join();
        }

        @Override
        public void close() {
            kill();
        }
    }
}
