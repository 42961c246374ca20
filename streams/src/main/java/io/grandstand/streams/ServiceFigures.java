package io.grandstand.streams;

import io.grandstand.events.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.TaskId;

/// What operators watch of a service, read from Kafka Streams at each question. Thread-safe.
final class ServiceFigures {
    private static final String TOPIC_GROUP = "stream-topic-metrics";
    private static final String FETCH_GROUP = "consumer-fetch-manager-metrics";

    private final String service;
    private final KafkaStreams streams;
    private final Map<String, Integer> subtopologies = new HashMap<>();

    ServiceFigures(String service, Topology topology, KafkaStreams streams) {
        this.service = service;
        this.streams = streams;
        for (TopologyDescription.Subtopology each : topology.describe().subtopologies()) {
            for (TopologyDescription.Node node : each.nodes()) {
                if (node instanceof TopologyDescription.Processor processor) {
                    processor.stores().forEach(store -> subtopologies.put(store, each.id()));
                }
            }
        }
    }

    /// The partitions of a store that this process works on.
    List<Integer> activePartitions(String store) {
        Integer subtopology = subtopologies.get(store);
        return tasks(true).stream()
                .filter(task -> subtopology != null && task.subtopology() == subtopology)
                .map(TaskId::partition)
                .sorted()
                .toList();
    }

    void collect(Metrics metrics, Iterable<RestoreProgress> restores) {
        State now = streams.state();
        for (State state : State.values()) {
            metrics.gauge(
                    "grandstand_service_state",
                    "1 for the state a service is in, 0 for the others.",
                    state == now ? 1 : 0,
                    "service",
                    service,
                    "state",
                    state.name());
        }
        for (RestoreProgress restore : restores) {
            metrics.gauge(
                    "grandstand_restore_remaining_records",
                    "Records still to be read before a store that is being rebuilt can be used.",
                    (double) Math.max(0, restore.total() - restore.done()),
                    "service",
                    service,
                    "store",
                    restore.store(),
                    "partition",
                    Integer.toString(restore.partition()));
        }
        Set<TaskId> active = tasks(true);
        Set<TaskId> standby = tasks(false);
        tasks(metrics, "active", active.size());
        tasks(metrics, "standby", standby.size());
        ofKafka(metrics);
        if (now.isRunningOrRebalancing() && !standby.isEmpty()) {
            standbys(metrics, standby);
        }
    }

    private void tasks(Metrics metrics, String role, int number) {
        metrics.gauge(
                "grandstand_tasks",
                "Partitions of the topology's parts that this process works on, or follows.",
                number,
                "service",
                service,
                "role",
                role);
    }

    private Set<TaskId> tasks(boolean active) {
        var tasks = new HashSet<TaskId>();
        streams.metadataForLocalThreads()
                .forEach(thread ->
                        (active ? thread.activeTasks() : thread.standbyTasks())
                                .stream().map(TaskMetadata::taskId).forEach(tasks::add));
        return tasks;
    }

    private void ofKafka(Metrics metrics) {
        for (Metric metric : streams.metrics().values()) {
            MetricName name = metric.metricName();
            if (!(metric.metricValue() instanceof Double value) || value.isNaN()) {
                continue;
            }
            Map<String, String> tags = name.tags();
            if (name.group().equals(TOPIC_GROUP)) {
                switch (name.name()) {
                    case "records-consumed-total" ->
                            metrics.counter(
                                    "grandstand_records_read_total",
                                    "Records read, since the task came to this process.",
                                    value,
                                    labels(tags));
                    case "records-produced-total" -> written(metrics, value, tags);
                    default -> {}
                }
            } else if (name.group().equals(FETCH_GROUP)
                    && name.name().equals("records-lag")
                    && !tags.getOrDefault("client-id", "").endsWith("-restore-consumer")) {
                metrics.gauge(
                        "grandstand_input_lag_records",
                        "Records of an input partition that this process has yet to read.",
                        value,
                        "service",
                        service,
                        "topic",
                        tags.getOrDefault("topic", ""),
                        "partition",
                        tags.getOrDefault("partition", ""));
            }
        }
    }

    private void written(Metrics metrics, double value, Map<String, String> tags) {
        metrics.counter(
                "grandstand_records_written_total",
                "Records written, since the task came to this process.",
                value,
                labels(tags));
        if (Topics.DEAD_LETTER.name().equals(tags.get("topic-name"))) {
            metrics.counter(
                    "grandstand_dead_letters_total",
                    "Records that could not be processed, since the task came to this process.",
                    value,
                    "service",
                    service,
                    "task",
                    tags.getOrDefault("task-id", ""),
                    "node",
                    tags.getOrDefault("processor-node-id", ""));
        }
    }

    private String[] labels(Map<String, String> tags) {
        return new String[] {
            "service", service,
            "topic", tags.getOrDefault("topic-name", ""),
            "task", tags.getOrDefault("task-id", ""),
            "node", tags.getOrDefault("processor-node-id", "")
        };
    }

    private void standbys(Metrics metrics, Set<TaskId> standby) {
        try {
            streams.allLocalStorePartitionLags()
                    .forEach((store, lags) ->
                            lags.forEach((partition, lag) -> {
                                Integer subtopology = subtopologies.get(store);
                                if (subtopology != null
                                        && standby.contains(new TaskId(subtopology, partition))) {
                                    metrics.gauge(
                                            "grandstand_standby_lag_records",
                                            "Records of a changelog that a standby has yet to"
                                                    + " follow; a commit counts as one.",
                                            (double) lag.offsetLag(),
                                            "service",
                                            service,
                                            "store",
                                            store,
                                            "partition",
                                            partition.toString());
                                }
                            }));
        } catch (StreamsException | IllegalStateException brokersDoNotAnswer) {
            // All other figures are as good as ever.
        }
    }
}
