package io.grandstand.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.embedded.TopicSetup.Difference;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

final class TopicSetupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static EmbeddedBroker broker;
    private static Map<String, Object> cluster;

    /// One broker for all tests, so each has topics of its own.
    private List<Topic<?>> catalogue = List.of();

    @BeforeAll
    static void start(@TempDir Path data) {
        broker =
                EmbeddedBroker.start(
                        data,
                        0,
                        fault -> {
                            throw new AssertionError(fault);
                        });
        cluster = Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void nameTopics(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        catalogue =
                Topics.all().stream()
                        .<Topic<?>>map(
                                topic -> renamed(prefix + topic.name(), topic, topic.partitions()))
                        .toList();
    }

    @Test
    void theCatalogueIsCreatedOnceAndFoundAsItWasCreated() throws Exception {
        assertThat(apply()).isEmpty();
        assertThat(apply()).isEmpty();
        try (Admin admin = Admin.create(cluster)) {
            assertThat(admin.listTopics().names().get())
                    .containsAll(catalogue.stream().map(Topic::name).toList());
        }
    }

    @Test
    void severalProcessesMayApplyItAtOnce() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<Difference>>> all =
                    Stream.generate(() -> (Callable<List<Difference>>) this::apply)
                            .limit(4)
                            .toList();
            for (var applied : executor.invokeAll(all)) {
                assertThat(applied.get()).isEmpty();
            }
        }
    }

    @Test
    void aTopicThatIsOtherwiseIsReportedAndLeftAsItIs() throws Exception {
        create(Topics.QUESTION, 2, Map.of("cleanup.policy", "delete"));
        List<Difference> differences =
                List.of(
                        new Difference(name(Topics.QUESTION), "partitions", "4", "2", false),
                        new Difference(
                                name(Topics.QUESTION),
                                "cleanup.policy",
                                "compact",
                                "delete",
                                true));
        assertThat(apply()).isEqualTo(differences);
        assertThat(apply()).isEqualTo(differences);
    }

    @Test
    void settingsTakenFromTheClusterCount() throws Exception {
        // Kafka keeps seven days by default, and takes the producer's time.
        create(Topics.ANSWER, 4, Map.of());
        create(Topics.POINTS, 4, Map.of());
        assertThat(apply())
                .containsExactly(
                        new Difference(
                                name(Topics.ANSWER),
                                "message.timestamp.type",
                                "LogAppendTime",
                                "CreateTime",
                                false),
                        new Difference(
                                name(Topics.POINTS), "retention.ms", "-1", "604800000", false));
    }

    @Test
    void missingTopicsGetAsManyPartitionsAsTheirLikesHave() {
        TopicSetup.apply(
                cluster, List.of(renamed(name(Topics.ANSWER), Topics.ANSWER, 6)), PATIENCE);
        long likes = Topics.all().stream().filter(TopicDifferences::sharesPartitions).count();
        assertThat(apply())
                .hasSize((int) likes)
                .allMatch(difference -> difference.setting().equals("partitions"))
                .allMatch(difference -> difference.actual().equals("6"))
                .noneMatch(Difference::fatal);
    }

    @Test
    void aClusterThatDoesNotAnswerIsSaid() {
        int nobody = Ports.find(0).clients();
        assertThatThrownBy(() ->
                        TopicSetup.apply(
                                Map.of("bootstrap.servers", "127.0.0.1:" + nobody),
                                Topics.all(),
                                Duration.ofSeconds(1)))
                .isInstanceOf(ClusterException.class)
                .hasMessage(
                        ("No Kafka broker answers at 127.0.0.1:%d within 1 s: check the address,"
                             + " that the cluster runs, and that the addresses it advertises can be"
                             + " reached from here.")
                                .formatted(nobody));
    }

    @Test
    void anAddressThatIsNoneIsSaid() {
        assertThatThrownBy(() ->
                        TopicSetup.apply(
                                Map.of("bootstrap.servers", "no port"),
                                Topics.all(),
                                Duration.ofSeconds(1)))
                .isInstanceOf(ClusterException.class)
                .hasMessage(
                        "The Kafka configuration for no port cannot be used: Invalid url in"
                                + " bootstrap.servers: no port");
    }

    private List<Difference> apply() {
        return TopicSetup.apply(cluster, catalogue, PATIENCE);
    }

    private String name(Topic<?> topic) {
        return catalogue.get(Topics.all().indexOf(topic)).name();
    }

    private void create(Topic<?> topic, int partitions, Map<String, String> settings)
            throws Exception {
        try (Admin admin = Admin.create(cluster)) {
            var created =
                    new NewTopic(name(topic), Optional.of(partitions), Optional.empty())
                            .configs(settings);
            admin.createTopics(List.of(created)).all().get();
        }
    }

    private static <V> Topic<V> renamed(String name, Topic<V> topic, int partitions) {
        return new Topic<>(
                name,
                topic.type(),
                topic.keyedBy(),
                partitions,
                topic.cleanup(),
                topic.retention(),
                topic.timestamps());
    }
}
