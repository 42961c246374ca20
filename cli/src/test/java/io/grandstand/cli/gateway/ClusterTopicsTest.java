package io.grandstand.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.cli.StartException;
import io.grandstand.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What a gateway asks of a real cluster before it starts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTopicsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir private Path folder;

    private EmbeddedBroker broker;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        broker = EmbeddedBroker.start(data, 0, _ -> {});
        ClusterTopics.create(
                kafka(),
                List.of(
                        topic("events", "delete"),
                        topic("prices", "compact"),
                        topic("both", "compact,delete")),
                TIMEOUT);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void topicsThatAreThereAndKeepWhatIsAskedOfThemFit() throws Exception {
        assertThat(
                        look(
                                """
                                namespaces:
                                  events: {mode: stream}
                                  prices: {mode: latest}
                                  both: {mode: latest}
                                """))
                .isEqualTo(new ClusterTopics.Seen(List.of(), List.of()));
    }

    @Test
    void aTopicThatIsNotThereIsToldWithItsPlace() throws Exception {
        var seen =
                (ClusterTopics.Seen)
                        look(
                                """
                                namespaces:
                                  events: {topic: evnts}
                                  absent:
                                """);
        assertThat(told(seen.missing()))
                .containsExactlyInAnyOrder(
                        "4:19: namespaces.events.topic is 'evnts': must be a topic that exists at "
                                + broker.bootstrapServers(),
                        "5:3: namespaces.absent.topic is 'absent': must be a topic that exists at "
                                + broker.bootstrapServers());
    }

    @Test
    void aLatestNamespaceWantsACompactedTopic() throws Exception {
        var seen = (ClusterTopics.Seen) look("namespaces: {events: {mode: latest}}\n");
        assertThat(seen.missing()).isEmpty();
        assertThat(told(seen.unsuited()))
                .containsExactly(
                        "3:29: namespaces.events.mode: the topic events has cleanup.policy delete:"
                                + " must be compact, or newest values are lost in time");
    }

    @Test
    void internalTopicsAreCreatedUnlessThatIsSwitchedOff() throws Exception {
        String yaml =
                """
                namespaces: {events: {presence: full}}
                internal-topics: {presence: who, publishes: ids, revocations: gone, partitions: 3%s}
                """;
        var off = (ClusterTopics.Seen) look(yaml.formatted(", create: false"));
        assertThat(told(off.missing()))
                .anySatisfy(problem ->
                        assertThat(problem)
                                .startsWith("4:29: internal-topics.presence is 'who': must be"))
                .hasSize(3);
        GatewayFile file = file(yaml.formatted(""));
        assertThat(ClusterTopics.look(file, TIMEOUT))
                .isEqualTo(new ClusterTopics.Seen(List.of(), List.of()));

        ClusterTopics.create(kafka(), ClusterTopics.internal(file.settings()), TIMEOUT);
        ClusterTopics.create(kafka(), ClusterTopics.internal(file.settings()), TIMEOUT);

        try (Admin admin = Admin.create(kafka())) {
            var topics = admin.describeTopics(List.of("who", "ids", "gone")).allTopicNames().get();
            assertThat(topics.values()).allMatch(topic -> topic.partitions().size() == 3);
        }
        assertThat(cleanupPolicy("who")).isEqualTo("compact");
        assertThat(cleanupPolicy("ids")).isEqualTo("delete");
        assertThat(cleanupPolicy("gone")).isEqualTo("compact");
    }

    @Test
    void whatTheClusterRefusesToCreateIsTold() {
        var tooManyCopies = new NewTopic("copies", Optional.of(1), Optional.of((short) 3));
        assertThatThrownBy(() -> ClusterTopics.create(kafka(), List.of(tooManyCopies), TIMEOUT))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("the topic copies cannot be created at")
                .hasMessageContaining("replication factor");
    }

    @Test
    void aClusterThatDoesNotAnswerInTimeIsNotReached() throws Exception {
        // A port that nobody listens on: reserved, and loopback.
        GatewayFile file = file("namespaces: {events: {}}\n", "127.0.0.1:1");
        assertThat(ClusterTopics.look(file, Duration.ofMillis(300)))
                .isEqualTo(new ClusterTopics.NotReached("no broker answers within 300ms"));
    }

    @Test
    void settingsThatKafkasClientCannotUseAreAProblem() throws Exception {
        GatewayFile file =
                file(
                        """
                        namespaces: {events: {}}
                        """,
                        broker.bootstrapServers(),
                        Map.of(
                                "GRANDSTAND_KAFKA_SECURITY_PROTOCOL", "SSL",
                                "GRANDSTAND_KAFKA_SSL_TRUSTSTORE_LOCATION", "nowhere.jks"));
        var seen = (ClusterTopics.Seen) ClusterTopics.look(file, TIMEOUT);
        assertThat(told(seen.missing()))
                .singleElement()
                .asString()
                .startsWith("1:1: kafka: ")
                .contains("nowhere.jks");
    }

    private ClusterTopics.Answer look(String yaml) throws Exception {
        return ClusterTopics.look(file(yaml), TIMEOUT);
    }

    private GatewayFile file(String yaml) throws Exception {
        return file(yaml, broker.bootstrapServers());
    }

    private GatewayFile file(String yaml, String bootstrapServers) throws Exception {
        return file(yaml, bootstrapServers, Map.of());
    }

    private GatewayFile file(String yaml, String bootstrapServers, Map<String, String> environment)
            throws Exception {
        String whole =
                """
                kafka: {bootstrap.servers: "%s"}
                authentication: {hmac: {secret: 0123456789abcdef0123456789abcdef}}
                %s
                """
                        .formatted(bootstrapServers, yaml);
        return GatewayFile.read(
                Configuration.in(folder, whole).file(), environment, List.of(), false);
    }

    private List<String> told(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(folder + "/gateway.yaml:", ""))
                .toList();
    }

    private Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private String cleanupPolicy(String topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(kafka())) {
            return admin.describeConfigs(List.of(resource)).all().get().values().stream()
                    .map(config -> config.get("cleanup.policy").value())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static NewTopic topic(String name, String cleanupPolicy) {
        return new NewTopic(name, Optional.of(1), Optional.empty())
                .configs(Map.of("cleanup.policy", cleanupPolicy));
    }
}
