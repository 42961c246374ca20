package io.grandstand.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.embedded.TopicDifferences.ActualTopic;
import io.grandstand.embedded.TopicSetup.Difference;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TopicDifferencesTest {
    private final Map<String, ActualTopic> topics = new HashMap<>();

    TopicDifferencesTest() {
        for (Topic<?> topic : Topics.all()) {
            topics.put(topic.name(), new ActualTopic(topic.partitions(), topic.settings()));
        }
    }

    @Test
    void theCatalogueDoesNotDifferFromItself() {
        check();
    }

    @Test
    void topicsKeyedByPlayerMayHaveMorePartitionsIfAllHave() {
        for (Topic<?> topic : Topics.all()) {
            if (TopicDifferences.sharesPartitions(topic)) {
                partitions(topic, 12);
            }
        }
        assertThat(TopicDifferences.of(Topics.all(), topics))
                .hasSize(
                        (int)
                                Topics.all().stream()
                                        .filter(TopicDifferences::sharesPartitions)
                                        .count())
                .noneMatch(Difference::fatal);
    }

    @Test
    void aTopicKeyedByPlayerThatStandsAloneIsFatal() {
        partitions(Topics.RESULT, 12);
        check(new Difference("result", "partitions", "4", "12", true));
    }

    @Test
    void rulingsMustBeInEveryPartitionOfAnswers() {
        partitions(Topics.RULING, 1);
        check(new Difference("ruling", "partitions", "4", "1", true));
    }

    @Test
    void aTopicKeyedByMatchMayHaveAnotherNumberOfPartitions() {
        partitions(Topics.QUESTION, 1);
        check(new Difference("question", "partitions", "4", "1", false));
    }

    @Test
    void anotherCleanupPolicyIsFatal() {
        setting(Topics.QUESTION, "cleanup.policy", "delete");
        setting(Topics.POINTS, "cleanup.policy", "compact");
        check(
                new Difference("question", "cleanup.policy", "compact", "delete", true),
                new Difference("points", "cleanup.policy", "delete", "compact", true));
    }

    @Test
    void anotherTimestampTypeIsReported() {
        setting(Topics.ANSWER, "message.timestamp.type", "CreateTime");
        check(
                new Difference(
                        "answer", "message.timestamp.type", "LogAppendTime", "CreateTime", false));
    }

    @Test
    void onlyAShorterRetentionIsReported() {
        setting(Topics.BALL, "retention.ms", "604799999");
        setting(Topics.POINTS, "retention.ms", "9999999999999");
        setting(Topics.ANSWER, "retention.ms", "604800001");
        setting(Topics.RESULT, "retention.ms", "-1");
        check(
                new Difference("points", "retention.ms", "-1", "9999999999999", false),
                new Difference("ball", "retention.ms", "604800000", "604799999", false));
    }

    @Test
    void aSettingThatTheClusterDoesNotTellIsReported() {
        topics.put("ball", new ActualTopic(4, Map.of("cleanup.policy", "delete")));
        check(
                new Difference("ball", "message.timestamp.type", "CreateTime", "unknown", false),
                new Difference("ball", "retention.ms", "604800000", "unknown", false));
    }

    @Test
    void aDifferenceReadsAsASentence() {
        assertThat(new Difference("result", "partitions", "4", "12", true).sentence())
                .isEqualTo("Topic result has partitions 12, the game needs 4.");
    }

    private void check(Difference... differences) {
        assertThat(TopicDifferences.of(Topics.all(), topics)).isEqualTo(List.of(differences));
    }

    private void partitions(Topic<?> topic, int partitions) {
        topics.put(topic.name(), new ActualTopic(partitions, topic.settings()));
    }

    private void setting(Topic<?> topic, String name, String value) {
        var settings = new HashMap<>(topic.settings());
        settings.put(name, value);
        topics.put(topic.name(), new ActualTopic(topic.partitions(), settings));
    }
}
