package io.grandstand.quiz;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.TallyPart;
import io.grandstand.events.Topics;
import io.grandstand.quiz.HeldAnswers.Held;
import io.grandstand.quiz.Passes.Pass;
import io.grandstand.streams.Wiring;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;

/// Wires the quiz: commands become questions, answers become results and points.
///
/// ```
/// question-command ─▶ desk ─▶ question
///    (by match)        └───▶ ruling (a copy in every partition) ─┐
///                                                                ▼
/// answer (by player) ────────────────────────────────────────▶ scorer ─▶ result, points, stats
///                                                                │        (by player)
///                              votes, answer-times ◀─ tally ◀────┘
///                                   (by match)             tally-part
/// ```
///
/// The scorer's task of a partition of `answer` finds every ruling in the partition of the same
/// number, so `ruling` must have as many partitions as `answer`. What is no valid record goes to
/// `dead-letter`. Each part has a sink of its own for that: a shared one would make the parts one
/// sub-topology, and so bind partitions of matches to partitions of players.
public final class QuizTopology {
    static final String QUESTIONS = "questions";
    static final String NEWEST = "newest-question";
    static final String DESK_TIMERS = "desk-timers";
    static final String RULINGS = "rulings";
    static final String BALLOTS = "ballots";
    static final String CARDS = "cards";
    static final String PROFILES = "profiles";
    static final String HISTORY = "history";
    static final String HELD = "held";
    static final String DUE = "held-due";
    static final String PASSES = "passes";
    static final String SETTLED = "settled";
    static final String TALLIES = "tallies";
    static final String TALLIES_CHANGED = "tallies-changed";
    static final String PARTS = "tally-parts";
    static final String TIMES = "tally-times";
    static final String PARTS_CHANGED = "tally-parts-changed";

    static final String COMMAND_SINK = "question-command-sink";
    static final String QUESTION_SINK = "question-sink";
    static final String RULING_SINK = "ruling-sink";
    static final String DESK_DEAD_LETTER_SINK = "desk-dead-letter-sink";
    static final String RESULT_SINK = "result-sink";
    static final String POINTS_SINK = "points-sink";
    static final String STATS_SINK = "stats-sink";
    static final String TALLY_PART_SINK = "tally-part-sink";
    static final String SCORER_DEAD_LETTER_SINK = "scorer-dead-letter-sink";
    static final String VOTES_SINK = "votes-sink";
    static final String ANSWER_TIMES_SINK = "answer-times-sink";
    static final String TALLY_DEAD_LETTER_SINK = "tally-dead-letter-sink";

    private static final String DESK = "desk";
    private static final String SCORER = "scorer";
    private static final String TALLY = "tally";

    private QuizTopology() {}

    /// The topology with the default settings.
    public static Topology build() {
        return build(QuizSettings.DEFAULT);
    }

    /// The topology. It reads and writes topics of the catalogue alone.
    public static Topology build(QuizSettings settings) {
        var topology = new Topology();
        desk(topology, settings);
        scorer(topology, settings);
        tally(topology);
        return topology;
    }

    private static void desk(Topology topology, QuizSettings settings) {
        Wiring.source(topology, "question-command-source", Topics.QUESTION_COMMAND);
        topology.addProcessor(DESK, () -> new DeskProcessor(settings), "question-command-source");
        topology.addStateStore(Wiring.store(QUESTIONS, Wiring.json(DeskEntry.class)), DESK);
        topology.addStateStore(Wiring.store(NEWEST, Serdes.String()), DESK);
        topology.addStateStore(Wiring.memoryStore(DESK_TIMERS, Serdes.String()), DESK);
        Wiring.sink(topology, QUESTION_SINK, Topics.QUESTION, DESK);
        Wiring.sinkToEveryPartition(topology, RULING_SINK, Topics.RULING, DESK);
        Wiring.sink(topology, COMMAND_SINK, Topics.QUESTION_COMMAND, DESK);
        Wiring.sink(topology, DESK_DEAD_LETTER_SINK, Topics.DEAD_LETTER, DESK);
    }

    private static void scorer(Topology topology, QuizSettings settings) {
        Wiring.source(topology, "answer-source", Topics.ANSWER);
        Wiring.source(topology, "ruling-source", Topics.RULING);
        topology.addProcessor(
                SCORER, () -> new ScorerProcessor(settings), "answer-source", "ruling-source");
        topology.addStateStore(Wiring.memoryStore(RULINGS, Wiring.json(Ruling.class)), SCORER);
        topology.addStateStore(Wiring.store(BALLOTS, Wiring.json(Ballot.class)), SCORER);
        topology.addStateStore(Wiring.store(CARDS, Wiring.json(Card.class)), SCORER);
        topology.addStateStore(Wiring.store(PROFILES, Wiring.json(Profile.class)), SCORER);
        topology.addStateStore(Wiring.store(HISTORY, Serdes.Integer()), SCORER);
        topology.addStateStore(Wiring.store(HELD, Wiring.json(Held.class)), SCORER);
        topology.addStateStore(Wiring.store(DUE, Serdes.String()), SCORER);
        topology.addStateStore(Wiring.memoryStore(PASSES, Wiring.json(Pass.class)), SCORER);
        topology.addStateStore(Wiring.memoryStore(SETTLED, Serdes.String()), SCORER);
        topology.addStateStore(Wiring.memoryStore(TALLIES, Serdes.Long()), SCORER);
        topology.addStateStore(Wiring.memoryStore(TALLIES_CHANGED, Serdes.String()), SCORER);
        Wiring.sink(topology, RESULT_SINK, Topics.RESULT, SCORER);
        Wiring.sink(topology, POINTS_SINK, Topics.POINTS, SCORER);
        Wiring.sink(topology, STATS_SINK, Topics.STATS, SCORER);
        Wiring.sink(topology, TALLY_PART_SINK, Topics.TALLY_PART, SCORER);
        Wiring.sink(topology, SCORER_DEAD_LETTER_SINK, Topics.DEAD_LETTER, SCORER);
    }

    private static void tally(Topology topology) {
        Wiring.source(topology, "tally-part-source", Topics.TALLY_PART);
        topology.addProcessor(TALLY, TallyProcessor::new, "tally-part-source");
        topology.addStateStore(Wiring.memoryStore(PARTS, Wiring.json(TallyPart.class)), TALLY);
        topology.addStateStore(Wiring.memoryStore(TIMES, Wiring.json(AnswerTimes.class)), TALLY);
        topology.addStateStore(Wiring.memoryStore(PARTS_CHANGED, Serdes.Long()), TALLY);
        Wiring.sink(topology, VOTES_SINK, Topics.VOTES, TALLY);
        Wiring.sink(topology, ANSWER_TIMES_SINK, Topics.ANSWER_TIMES, TALLY);
        Wiring.sink(topology, TALLY_DEAD_LETTER_SINK, Topics.DEAD_LETTER, TALLY);
    }
}
