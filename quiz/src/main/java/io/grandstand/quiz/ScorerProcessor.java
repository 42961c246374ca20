package io.grandstand.quiz;

import io.grandstand.events.Answer;
import io.grandstand.events.InvalidRecordException;
import io.grandstand.events.Points;
import io.grandstand.events.Question;
import io.grandstand.events.Question.State;
import io.grandstand.events.Result.Receipt;
import io.grandstand.events.Result.Score;
import io.grandstand.events.Result.Status;
import io.grandstand.events.Topics;
import io.grandstand.streams.Alarm;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Judges and scores the answers of its partition: the shell around `Judge`.
///
/// Answers come in order of the log, rulings in order of their versions; between the two there is
/// no order, and by the rules there need not be one for the totals. A ruling is a pass over all
/// ballots of its question in this partition, within one transaction.
///
/// A player whose only scored question is made void keeps a place on the board, with the points as
/// if it had never been: entries add up, they do not take a player away.
final class ScorerProcessor implements Processor<byte[], byte[], String, Object> {
    private static final Duration HELD_CHECK_INTERVAL = Duration.ofMillis(500);

    private static final StringSerializer TEXT = new StringSerializer();

    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, Question> rulings;
    private KeyValueStore<String, Ballot> ballots;
    private KeyValueStore<String, Long> totals;
    private HeldAnswers held;
    private Alarm heldChecks;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    ScorerProcessor() {}

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        rulings = context.getStateStore(QuizTopology.RULINGS);
        ballots = context.getStateStore(QuizTopology.BALLOTS);
        totals = context.getStateStore(QuizTopology.TOTALS);
        held =
                new HeldAnswers(
                        context.getStateStore(QuizTopology.HELD),
                        context.getStateStore(QuizTopology.DUE));
        heldChecks = new Alarm(context, HELD_CHECK_INTERVAL, this::checkHeld);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        String topic = context.recordMetadata().orElseThrow().topic();
        if (topic.equals(Topics.ANSWER.name())) {
            answer(record);
        } else {
            ruling(record);
        }
    }

    private void answer(Record<byte[], byte[]> record) {
        String player;
        try {
            player = Inbox.player(record.key());
        } catch (IllegalArgumentException e) {
            deadLetter(record, e.getMessage());
            return;
        }
        try {
            Answer answer = Inbox.value(record.value(), Answer.class);
            long receivedAt = ReceiveTime.of(record.headers(), record.timestamp());
            answer(player, answer, receivedAt, record.timestamp());
        } catch (InvalidRecordException | IllegalArgumentException e) {
            deadLetter(record, e.getMessage());
            tell(player, new Receipt("", "", Status.INVALID, null), record.timestamp());
        }
    }

    private void answer(String player, Answer answer, long receivedAt, long timestamp) {
        var cast = new Cast(answer.option(), receivedAt);
        Question question = rulings.get(StoreKeys.of(answer.match(), answer.question()));
        if (question == null) {
            hold(player, answer, cast, timestamp);
            return;
        }
        String key = StoreKeys.of(answer.match(), answer.question(), player);
        Ballot before = Ballot.orEmpty(ballots.get(key));
        Ballot ballot = judge(question, player, before, cast, timestamp);
        keep(key, before, award(question, player, ballot, timestamp));
    }

    private void hold(String player, Answer answer, Cast cast, long timestamp) {
        heldChecks.set();
        long now = context.currentSystemTimeMs();
        HeldAnswers.Due.Forget givenUp = held.makeRoom(player, now, timestamp);
        if (givenUp != null) {
            forget(givenUp);
        }
        String match = answer.match();
        String question = answer.question();
        switch (held.hold(player, match, question, now, timestamp)) {
            case WAITS -> keepHeld(player, answer, cast);
            case WAITS_LONG -> {
                keepHeld(player, answer, cast);
                tell(player, new Receipt(match, question, Status.UNKNOWN, null), timestamp);
            }
            case DROPPED ->
                    tell(player, new Receipt(match, question, Status.UNKNOWN, null), timestamp);
        }
    }

    private void keepHeld(String player, Answer answer, Cast cast) {
        String key = StoreKeys.of(answer.match(), answer.question(), player);
        Ballot before = Ballot.orEmpty(ballots.get(key));
        keep(key, before, before.with(cast));
    }

    private void ruling(Record<byte[], byte[]> record) {
        Question question;
        try {
            question = Inbox.value(record.value(), Question.class);
        } catch (InvalidRecordException | IllegalArgumentException e) {
            deadLetter(record, e.getMessage());
            return;
        }
        String key = StoreKeys.of(question.match(), question.id());
        Question before = rulings.get(key);
        if (before != null && before.version() >= question.version()) {
            return;
        }
        rulings.put(key, question);
        if (concernsBallots(before, question)) {
            rule(before, question, record.timestamp());
        }
    }

    private static boolean concernsBallots(@Nullable Question before, Question question) {
        return before == null
                || before.locksAt() != question.locksAt()
                || question.state().isSettled()
                || question.state() == State.VOID;
    }

    /// The store's iterator does not see what is written while it is open.
    private void rule(@Nullable Question before, Question question, long timestamp) {
        String prefix = StoreKeys.prefix(question.match(), question.id());
        try (KeyValueIterator<String, Ballot> all = ballots.prefixScan(prefix, TEXT)) {
            while (all.hasNext()) {
                KeyValue<String, Ballot> entry = all.next();
                String player = entry.key.substring(prefix.length());
                Ballot ballot = entry.value;
                if (before == null) {
                    ballot = judgeHeld(question, player, ballot, timestamp);
                } else {
                    tellMoved(before, question, player, ballot, timestamp);
                }
                keep(entry.key, entry.value, award(question, player, ballot, timestamp));
            }
        }
    }

    private Ballot judgeHeld(Question question, String player, Ballot waiting, long timestamp) {
        held.release(player, question.match(), question.id());
        Ballot ballot = Ballot.EMPTY;
        for (Cast cast : waiting.casts()) {
            ballot = judge(question, player, ballot, cast, timestamp);
        }
        return ballot;
    }

    private Ballot judge(
            Question question, String player, Ballot ballot, Cast cast, long timestamp) {
        Judge.Judgement judgement = Judge.judge(question, ballot, cast);
        tell(player, question, judgement, timestamp);
        return judgement.ballot();
    }

    private void tellMoved(
            Question before, Question question, String player, Ballot ballot, long timestamp) {
        Judge.Judgement moved = Judge.moved(before, question, ballot);
        if (moved != null) {
            tell(player, question, moved, timestamp);
        }
    }

    private Ballot award(Question question, String player, Ballot ballot, long timestamp) {
        Judge.Award award = Judge.award(question, ballot);
        if (award == null) {
            return ballot;
        }
        String match = question.match();
        String key = StoreKeys.of(match, player);
        Long before = totals.get(key);
        long total = (before == null ? 0 : before) + award.delta();
        totals.put(key, total);
        var score =
                new Score(
                        match,
                        question.id(),
                        question.version(),
                        award.correct(),
                        question.answer(),
                        award.points(),
                        award.delta(),
                        total);
        context.forward(new Record<>(player, score, timestamp), QuizTopology.RESULT_SINK);
        if (award.isEntry()) {
            var points = new Points(match, question.id(), question.version(), award.delta());
            context.forward(new Record<>(player, points, timestamp), QuizTopology.POINTS_SINK);
        }
        return award.ballot();
    }

    private void checkHeld(long now) {
        for (HeldAnswers.Due due : held.due(now)) {
            switch (due) {
                case HeldAnswers.Due.Tell(String player, String match, String question) ->
                        tell(player, new Receipt(match, question, Status.UNKNOWN, null), now);
                case HeldAnswers.Due.Forget forgotten -> forget(forgotten);
            }
        }
        if (held.isEmpty()) {
            heldChecks.clear();
        }
    }

    private void forget(HeldAnswers.Due.Forget answer) {
        ballots.delete(StoreKeys.of(answer.match(), answer.question(), answer.player()));
    }

    private void keep(String key, Ballot before, Ballot ballot) {
        if (ballot.isEmpty()) {
            ballots.delete(key);
        } else if (!ballot.equals(before)) {
            ballots.put(key, ballot);
        }
    }

    private void tell(String player, Question question, Judge.Judgement judgement, long timestamp) {
        tell(
                player,
                new Receipt(
                        question.match(), question.id(), judgement.status(), judgement.option()),
                timestamp);
    }

    private void tell(String player, Receipt receipt, long timestamp) {
        context.forward(new Record<>(player, receipt, timestamp), QuizTopology.RESULT_SINK);
    }

    private void deadLetter(Record<byte[], byte[]> record, @Nullable String reason) {
        var where = context.recordMetadata().orElseThrow();
        context.forward(
                new Record<>(
                        where.topic(), Inbox.deadLetter(where, record, reason), record.timestamp()),
                QuizTopology.SCORER_DEAD_LETTER_SINK);
    }
}
