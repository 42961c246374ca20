package io.grandstand.quiz;

import io.grandstand.events.Question;
import io.grandstand.events.Topics;
import io.grandstand.quiz.HeldAnswers.Held;
import io.grandstand.streams.Wiring;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;

/// Wires the quiz: commands become questions, answers become results and points.
///
/// ```
/// question-command ─▶ desk ─▶ question
///    (by match)        └───▶ ruling (a copy in every partition) ─┐
///                                                                ▼
/// answer (by player) ────────────────────────────────────────▶ scorer ─▶ result, points (by player)
/// ```
///
/// The scorer's task of a partition of `answer` finds every ruling in the partition of the same
/// number, so `ruling` must have as many partitions as `answer`. What is no valid record goes to
/// `dead-letter`. Each half has a sink of its own for that: a shared one would make the two halves
/// one sub-topology, and so bind partitions of matches to partitions of players.
public final class QuizTopology {
    static final String QUESTIONS = "questions";
    static final String NEWEST = "newest-question";
    static final String RULINGS = "rulings";
    static final String BALLOTS = "ballots";
    static final String TOTALS = "totals";
    static final String HELD = "held";
    static final String DUE = "held-due";

    static final String QUESTION_SINK = "question-sink";
    static final String RULING_SINK = "ruling-sink";
    static final String DESK_DEAD_LETTER_SINK = "desk-dead-letter-sink";
    static final String RESULT_SINK = "result-sink";
    static final String POINTS_SINK = "points-sink";
    static final String SCORER_DEAD_LETTER_SINK = "scorer-dead-letter-sink";

    private static final String DESK = "desk";
    private static final String SCORER = "scorer";

    private QuizTopology() {}

    /// The topology. It reads and writes topics of the catalogue alone.
    public static Topology build() {
        var topology = new Topology();
        Wiring.source(topology, "question-command-source", Topics.QUESTION_COMMAND);
        topology.addProcessor(DESK, DeskProcessor::new, "question-command-source");
        topology.addStateStore(Wiring.store(QUESTIONS, Topics.QUESTION.serde()), DESK);
        topology.addStateStore(Wiring.store(NEWEST, Serdes.String()), DESK);
        Wiring.sink(topology, QUESTION_SINK, Topics.QUESTION, DESK);
        Wiring.sinkToEveryPartition(topology, RULING_SINK, Topics.RULING, DESK);
        Wiring.sink(topology, DESK_DEAD_LETTER_SINK, Topics.DEAD_LETTER, DESK);

        Wiring.source(topology, "answer-source", Topics.ANSWER);
        Wiring.source(topology, "ruling-source", Topics.RULING);
        topology.addProcessor(SCORER, ScorerProcessor::new, "answer-source", "ruling-source");
        topology.addStateStore(Wiring.store(RULINGS, Wiring.json(Question.class)), SCORER);
        topology.addStateStore(Wiring.store(BALLOTS, Wiring.json(Ballot.class)), SCORER);
        topology.addStateStore(Wiring.store(TOTALS, Serdes.Long()), SCORER);
        topology.addStateStore(Wiring.store(HELD, Wiring.json(Held.class)), SCORER);
        topology.addStateStore(Wiring.store(DUE, Serdes.String()), SCORER);
        Wiring.sink(topology, RESULT_SINK, Topics.RESULT, SCORER);
        Wiring.sink(topology, POINTS_SINK, Topics.POINTS, SCORER);
        Wiring.sink(topology, SCORER_DEAD_LETTER_SINK, Topics.DEAD_LETTER, SCORER);
        return topology;
    }
}
