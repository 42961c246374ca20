package io.grandstand.quiz;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.AnswerTimes.DelayClass;
import io.grandstand.events.AnswerTimes.Figures;
import io.grandstand.streams.Metrics;
import io.grandstand.streams.StreamsService;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;

/// What operators watch of the quiz beside what they watch of any service: how long players take to
/// answer, by how late their stream is. Each instance tells of the partitions that it works on.
public final class QuizFigures {
    private static final List<Double> BOUNDS_SECONDS =
            AnswerTimes.BOUNDS_MS.stream().map(ms -> ms / 1000.0).toList();

    private QuizFigures() {}

    /// Adds the figures of a service that runs `QuizTopology`; none while its partitions move.
    public static void collect(StreamsService quiz, Metrics metrics) {
        for (int partition : quiz.activePartitions(QuizTopology.TIMES)) {
            try {
                var classes = new EnumMap<DelayClass, Figures>(DelayClass.class);
                try (KeyValueIterator<String, AnswerTimes> matches =
                        quiz.<String, AnswerTimes>store(QuizTopology.TIMES, partition).all()) {
                    matches.forEachRemaining(match ->
                            match.value
                                    .classes()
                                    .forEach((each, figures) ->
                                            classes.merge(each, figures, (a, b) -> a.plus(b, 1))));
                }
                add(classes, partition, metrics);
            } catch (InvalidStateStoreException itMoves) {
                // Whoever gets it tells of it.
            }
        }
    }

    static void add(Map<DelayClass, Figures> classes, int partition, Metrics metrics) {
        classes.forEach((each, figures) -> {
            String[] labels = {"delay", label(each), "partition", Integer.toString(partition)};
            metrics.histogram(
                    "grandstand_answer_seconds",
                    "From being shown the question to the gateway, answers in time, by how late"
                            + " the viewer's stream is.",
                    BOUNDS_SECONDS,
                    figures.accepted(),
                    labels);
            metrics.counter(
                    "grandstand_answers_late_total",
                    "Answers that came too late, by how late the viewer's stream is.",
                    (double) figures.late(),
                    labels);
        });
    }

    private static String label(DelayClass delay) {
        return switch (delay) {
            case NONE -> "none";
            case TO_5_S -> "to-5s";
            case TO_15_S -> "to-15s";
            case TO_30_S -> "to-30s";
            case TO_60_S -> "to-60s";
            case OVER_60_S -> "over-60s";
        };
    }
}
