package io.grandstand.streams;

import io.grandstand.events.Topics;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/// A topology for people to read: as Kafka describes it, and as a picture. The same topology always
/// gives the same text.
public final class TopologyDrawing {
    private static final Pattern STORES = Pattern.compile("\\(stores: \\[([^]]*)]\\)");

    private TopologyDrawing() {}

    /// Kafka's own description, stores of a processor in order of their names.
    public static String text(Topology topology) {
        return STORES.matcher(topology.describe().toString().stripTrailing() + "\n")
                .replaceAll(stores ->
                        Arrays.stream(stores.group(1).split(", "))
                                .sorted()
                                .collect(Collectors.joining(", ", "(stores: [", "])")));
    }

    /// A flow chart in Mermaid's language: parts with their stores, and the topics between them.
    /// Dead letters, which every part writes, are left out.
    public static String mermaid(Topology topology) {
        var chart = new StringBuilder("flowchart LR\n");
        var arrows = new TreeSet<String>();
        topology.describe().subtopologies().stream()
                .sorted(Comparator.comparingInt(Subtopology::id))
                .forEach(part -> draw(part, chart, arrows));
        arrows.forEach(arrow -> chart.append("  ").append(arrow).append('\n'));
        return chart.toString();
    }

    private static void draw(Subtopology part, StringBuilder chart, Set<String> arrows) {
        chart.append("  subgraph part").append(part.id());
        chart.append(" [sub-topology ").append(part.id()).append("]\n");
        for (TopologyDescription.Node node : part.nodes()) {
            switch (node) {
                case Processor processor ->
                        chart.append("    ")
                                .append(id(processor.name()))
                                .append("[\"<b>")
                                .append(processor.name())
                                .append("</b><br/>")
                                .append(String.join("<br/>", new TreeSet<>(processor.stores())))
                                .append("\"]\n");
                case Source source ->
                        source.successors()
                                .forEach(next ->
                                        source.topicSet()
                                                .forEach(topic ->
                                                        arrows.add(
                                                                topic(topic)
                                                                        + " --> "
                                                                        + id(next.name()))));
                case Sink sink when !Topics.DEAD_LETTER.name().equals(sink.topic()) ->
                        sink.predecessors()
                                .forEach(from ->
                                        arrows.add(
                                                id(from.name()) + " --> " + topic(sink.topic())));
                default -> {}
            }
        }
        chart.append("  end\n");
    }

    private static String topic(String name) {
        return "topic-%s([%s])".formatted(name, name);
    }

    private static String id(String node) {
        return "node-" + node;
    }
}
