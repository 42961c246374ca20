package io.grandstand.embedded;

import io.grandstand.embedded.TopicSetup.Difference;
import io.grandstand.events.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// How a cluster's topics differ from the catalogue. Knows no connection, only what was read.
final class TopicDifferences {
    /// A topic as it is.
    ///
    /// @param settings those in force, by Kafka's names
    record ActualTopic(int partitions, Map<String, String> settings) {
        ActualTopic {
            settings = Map.copyOf(settings);
        }
    }

    /// Stands for a setting that the cluster does not tell.
    private static final String UNKNOWN = "unknown";

    private TopicDifferences() {}

    static List<Difference> of(
            Collection<Topic<?>> catalogue, Map<String, ActualTopic> actualTopics) {
        var actualPartitions = new HashMap<String, Integer>();
        actualTopics.forEach((name, topic) -> actualPartitions.put(name, topic.partitions()));
        OptionalInt shared = sharedPartitions(catalogue, actualPartitions);
        var differences = new ArrayList<Difference>();
        for (Topic<?> topic : catalogue) {
            ActualTopic actual = actualTopics.get(topic.name());
            if (actual == null) {
                continue;
            }
            partitions(topic, actual.partitions(), shared, differences);
            new TreeMap<>(topic.settings())
                    .forEach((setting, expected) ->
                            setting(
                                    topic,
                                    setting,
                                    expected,
                                    actual.settings().getOrDefault(setting, UNKNOWN),
                                    differences));
        }
        return List.copyOf(differences);
    }

    /// Whether the topic must have as many partitions as all others of which this is true: its
    /// records meet theirs by partition.
    static boolean sharesPartitions(Topic<?> topic) {
        return switch (topic.keyedBy()) {
            case PLAYER, EVERY_PARTITION -> true;
            case MATCH, SOURCE_TOPIC -> false;
        };
    }

    /// How many partitions most of the topics that must have alike have; the first in the catalogue
    /// decides where two numbers are equally common. Empty where none of them exists.
    static OptionalInt sharedPartitions(
            Collection<Topic<?>> catalogue, Map<String, Integer> partitions) {
        var topicsByPartitions = new LinkedHashMap<Integer, Integer>();
        for (Topic<?> topic : catalogue) {
            Integer actual = partitions.get(topic.name());
            if (actual != null && sharesPartitions(topic)) {
                topicsByPartitions.merge(actual, 1, Integer::sum);
            }
        }
        int most = topicsByPartitions.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return topicsByPartitions.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    private static void partitions(
            Topic<?> topic, int actual, OptionalInt shared, List<Difference> differences) {
        boolean alone = sharesPartitions(topic) && actual != shared.orElse(actual);
        int expected = alone ? shared.getAsInt() : topic.partitions();
        if (actual != expected) {
            differences.add(
                    new Difference(
                            topic.name(),
                            "partitions",
                            String.valueOf(expected),
                            String.valueOf(actual),
                            alone));
        }
    }

    private static void setting(
            Topic<?> topic,
            String setting,
            String expected,
            String actual,
            List<Difference> differences) {
        boolean harmless =
                actual.equals(expected)
                        || (setting.equals("retention.ms")
                                && !actual.equals(UNKNOWN)
                                && !isShorter(actual, expected));
        if (!harmless) {
            // A compacted topic loses answers, one that is not loses the state of play.
            boolean fatal = setting.equals("cleanup.policy");
            differences.add(new Difference(topic.name(), setting, expected, actual, fatal));
        }
    }

    /// To keep records longer than needed does no harm. -1 is for ever.
    private static boolean isShorter(String actualMs, String expectedMs) {
        long actual = Long.parseLong(actualMs);
        long expected = Long.parseLong(expectedMs);
        return actual != -1 && (expected == -1 || actual < expected);
    }
}
