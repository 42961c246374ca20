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
import io.grandstand.quiz.Ballot.Paid;
import io.grandstand.quiz.Passes.Kind;
import io.grandstand.quiz.Passes.Pass;
import io.grandstand.streams.Alarm;
import io.grandstand.streams.Inbox;
import io.grandstand.streams.StoreKeys;
import java.time.Duration;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Judges and scores the answers of its partition: the shell around `Judge` and `Streaks`.
///
/// Answers come in order of the log, rulings in order of their versions; between the two there is
/// no order, and by the rules there need not be one for the totals.
///
/// A ruling concerns all ballots of its question in this partition, which may be a million. They
/// are worked through in steps, each committed by itself, and answers are taken in between: a
/// ballot knows which ruling it stands at, and whatever touches one first, the pass or its player's
/// next answer, brings it to the newest.
///
/// Each score of a player for a question has a number of its own, higher than the one before: the
/// question's version, or one more than the number before it where another question's change made
/// the streak bonus another. Boards know a repetition by it.
///
/// A player whose only scored question is made void keeps a place on the board, with the points as
/// if it had never been: entries add up, they do not take a player away.
final class ScorerProcessor implements Processor<byte[], byte[], String, Object> {
    private static final Duration HELD_CHECK_INTERVAL = Duration.ofMillis(500);
    private static final Duration STEP_INTERVAL = Duration.ofMillis(5);
    private static final Duration TALLY_INTERVAL = Duration.ofMillis(500);

    /// Of stream time: how often is looked for questions that are settled for good.
    private static final Duration FORGET_INTERVAL = Duration.ofMinutes(1);

    private final QuizSettings settings;
    private ProcessorContext<String, Object> context;
    private Rulings rulings;
    private KeyValueStore<String, Ballot> ballots;
    private KeyValueStore<String, Integer> history;
    private KeyValueStore<String, String> settled;
    private Accounts accounts;
    private Streaks streaks;
    private Tallies tallies;
    private Passes passes;
    private HeldAnswers held;
    private Alarm heldChecks;
    private Alarm steps;
    private Alarm tallyTimes;

    /// How many ballots of other questions the ballot under way has touched.
    private int writes;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    ScorerProcessor(QuizSettings settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        rulings = new Rulings(context.getStateStore(QuizTopology.RULINGS));
        ballots = context.getStateStore(QuizTopology.BALLOTS);
        history = context.getStateStore(QuizTopology.HISTORY);
        settled = context.getStateStore(QuizTopology.SETTLED);
        streaks = new Streaks(history);
        accounts =
                new Accounts(
                        context.getStateStore(QuizTopology.CARDS),
                        context.getStateStore(QuizTopology.PROFILES));
        tallies =
                new Tallies(
                        context.getStateStore(QuizTopology.TALLIES),
                        context.getStateStore(QuizTopology.TALLIES_CHANGED));
        passes = new Passes(context.getStateStore(QuizTopology.PASSES));
        held =
                new HeldAnswers(
                        context.getStateStore(QuizTopology.HELD),
                        context.getStateStore(QuizTopology.DUE));
        heldChecks = new Alarm(context, HELD_CHECK_INTERVAL, this::checkHeld);
        steps = new Alarm(context, STEP_INTERVAL, _ -> step());
        tallyTimes = new Alarm(context, TALLY_INTERVAL, this::tellTallies);
        context.schedule(FORGET_INTERVAL, PunctuationType.STREAM_TIME, this::forgetSettled);
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
        Long claimed = answer.delayMs();
        Cast cast = Cast.claiming(answer.option(), receivedAt, claimed == null ? 0 : claimed);
        Ruling ruling = rulings.get(answer.match(), answer.question());
        if (ruling == null) {
            hold(player, answer, cast, timestamp);
            return;
        }
        String key = StoreKeys.of(answer.match(), answer.question(), player);
        Ballot before = Ballot.orEmpty(ballots.get(key));
        Ballot standing = bringUp(ruling, player, before, timestamp);
        Ballot ballot = judge(ruling, player, standing, cast, timestamp);
        keep(key, before, settle(ruling.question(), player, ballot, timestamp));
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
        if (question.state() == State.DRAFT || question.state() == State.SCHEDULED) {
            return;
        }
        String match = question.match();
        Ruling before = rulings.get(match, question.id());
        if (before != null && before.question().version() >= question.version()) {
            return;
        }
        Ruling ruling = Ruling.of(before, question, record.timestamp());
        rulings.put(ruling);
        if (ruling.settledAt() > 0) {
            long until = ruling.settledAt() + settings.ballotsKeptMs();
            settled.put(StoreKeys.of(StoreKeys.time(until), match, question.id()), "");
        }
        if (concernsBallots(before, ruling)) {
            passes.begin(Kind.RULE, match, question.id(), record.timestamp());
            step();
        }
    }

    private static boolean concernsBallots(@Nullable Ruling before, Ruling ruling) {
        return before == null
                || before.question().locksAt() != ruling.question().locksAt()
                || before.question().lastMoment() != ruling.question().lastMoment()
                || ruling.settledAt() > 0;
    }

    /// One step of what is under way.
    private void step() {
        int left = settings.ballotsPerStep();
        for (Pass pass : passes.all()) {
            if (left > 0) {
                left -=
                        switch (pass.kind()) {
                            case RULE -> rule(pass, left);
                            case FORGET_QUESTION -> forgetQuestion(pass, left);
                            case FORGET_MATCH -> forgetMatch(pass, left);
                        };
            }
        }
        if (passes.isEmpty()) {
            steps.clear();
        } else {
            steps.set();
        }
    }

    /// The store's iterator does not see what is written while it is open; a ballot's score changes
    /// ballots of other questions alone.
    ///
    /// @return how many ballots were written, at most one player's more than `max`
    private int rule(Pass pass, int max) {
        Ruling ruling = rulings.get(pass.match(), pass.question());
        if (ruling == null) {
            passes.end(pass);
            return 0;
        }
        String prefix = StoreKeys.prefix(pass.match(), pass.question());
        int done = 0;
        Pass reached = pass;
        try (KeyValueIterator<String, Ballot> all =
                ballots.range(pass.from(prefix), StoreKeys.end(pass.match(), pass.question()))) {
            while (done < max && all.hasNext()) {
                KeyValue<String, Ballot> entry = all.next();
                String player = entry.key.substring(prefix.length());
                writes = 0;
                Ballot ballot = bringUp(ruling, player, entry.value, pass.at());
                keep(entry.key, entry.value, ballot);
                done += 1 + writes;
                reached = reached.upTo(entry.key);
            }
            if (all.hasNext()) {
                passes.put(reached);
            } else {
                passes.end(pass);
            }
        }
        return done;
    }

    /// The ballot at the newest ruling: held answers judged, a moved lock told, a result scored.
    private Ballot bringUp(Ruling ruling, String player, Ballot ballot, long timestamp) {
        Question question = ruling.question();
        if (ballot.ruling() >= question.version()) {
            return ballot;
        }
        Ballot standing;
        if (ballot.ruling() == 0) {
            standing = judgeHeld(ruling, player, ballot, timestamp);
        } else {
            standing = Judge.moved(question, ballot);
            Judge.Judgement news = Judge.news(ballot, standing);
            if (news != null) {
                tell(player, question, news, timestamp);
            }
            vote(question, ballot, standing);
        }
        return settle(question, player, standing, timestamp);
    }

    private Ballot judgeHeld(Ruling ruling, String player, Ballot waiting, long timestamp) {
        Question question = ruling.question();
        if (!waiting.casts().isEmpty()) {
            held.release(player, question.match(), question.id());
        }
        Ballot ballot = Ballot.EMPTY.at(question.version(), Ballot.NONE);
        for (Cast cast : waiting.casts()) {
            ballot = judge(ruling, player, ballot, cast, timestamp);
        }
        return ballot;
    }

    private Ballot judge(Ruling ruling, String player, Ballot ballot, Cast cast, long timestamp) {
        Question question = ruling.question();
        Judge.Judgement judgement = Judge.judge(ruling, ballot, cast);
        tell(player, question, judgement, timestamp);
        vote(question, ballot, judgement.ballot());
        if (judgement.status() == Status.ACCEPTED) {
            tallies.accepted(question, cast, Judge.answerMs(question, cast));
            tallyTimes.set();
        } else if (judgement.status() == Status.LATE
                || (judgement.status() == Status.CLOSED
                        && question.state().isSettled()
                        && Judge.isLate(question, cast))) {
            tallies.late(question, cast);
            tallyTimes.set();
        }
        return judgement.ballot();
    }

    private void vote(Question question, Ballot before, Ballot now) {
        if (tallies.vote(question, before.countedCast(), now.countedCast())) {
            tallyTimes.set();
        }
    }

    /// Scores what the question's newest version settles and the ballot was not scored for.
    private Ballot settle(Question question, String player, Ballot ballot, long timestamp) {
        if (!Judge.isDue(question, ballot)) {
            return ballot;
        }
        Paid was = ballot.paid();
        Judge.Earned earned = Judge.earned(question, ballot);
        if (was == null && earned == null) {
            return ballot;
        }
        Card before = accounts.card(player, question.match());
        Streaks.Change change =
                earned == null
                        ? streaks.remove(before, player, question)
                        : streaks.put(before, player, question, earned.correct());
        var paid =
                new Paid(
                        question.version(),
                        was == null
                                ? question.version()
                                : Math.max(question.version(), was.entry() + 1),
                        earned == null ? Ballot.NONE : ballot.counted(),
                        earned != null && earned.correct(),
                        earned == null ? 0 : earned.points(),
                        Judge.bonus(question, change.inARow()),
                        earned == null ? 0 : earned.answerMs());
        Card card = pay(question, player, change.card(), was, paid, timestamp);
        for (Streaks.Follower follower : change.followers()) {
            card = payBonus(question.match(), follower, player, card, timestamp);
        }
        var profile = accounts.put(player, question.match(), before, card);
        context.forward(
                new Record<>(player, profile.stats(player, timestamp), timestamp),
                QuizTopology.STATS_SINK);
        return ballot.with(paid);
    }

    /// A later question of the player has another streak before it, and so perhaps another bonus.
    ///
    /// A ballot that does not stand at its newest ruling yet gets its bonus with that.
    private Card payBonus(
            String match, Streaks.Follower follower, String player, Card card, long timestamp) {
        writes++;
        Ruling ruling = rulings.get(match, follower.question());
        String key = StoreKeys.of(match, follower.question(), player);
        Ballot ballot = ballots.get(key);
        if (ruling == null || ballot == null) {
            return card;
        }
        Question question = ruling.question();
        Paid was = ballot.paid();
        if (was == null || was.version() != question.version()) {
            return card;
        }
        int bonus = Judge.bonus(question, follower.inARow());
        if (bonus == was.bonus()) {
            return card;
        }
        var paid =
                new Paid(
                        was.version(),
                        was.entry() + 1,
                        was.cast(),
                        was.correct(),
                        was.points(),
                        bonus,
                        was.answerMs());
        ballots.put(key, ballot.with(paid));
        return pay(question, player, card, was, paid, timestamp);
    }

    /// Tells the player and the boards what the player now holds for the question.
    private Card pay(
            Question question,
            String player,
            Card before,
            @Nullable Paid was,
            Paid paid,
            long timestamp) {
        int delta = paid.sum() - (was == null ? 0 : was.sum());
        Card card = before.plus(delta).count(count(paid), correct(paid), answerMs(paid));
        if (was != null) {
            card = card.count(-count(was), -correct(was), -answerMs(was));
        }
        String match = question.match();
        var score =
                new Score(
                        match,
                        question.id(),
                        paid.version(),
                        paid.correct(),
                        question.answer(),
                        paid.sum(),
                        delta,
                        card.points(),
                        question.termsOrPlain().streak() == null ? null : paid.bonus(),
                        paid.entry() == paid.version() ? null : paid.entry());
        context.forward(new Record<>(player, score, timestamp), QuizTopology.RESULT_SINK);
        // A first score puts a player on the board, be it with no points.
        if (was == null || delta != 0) {
            var points =
                    new Points(
                            match,
                            question.id(),
                            paid.entry(),
                            delta,
                            question.opensAt(),
                            question.termsOrPlain().season());
            context.forward(new Record<>(player, points, timestamp), QuizTopology.POINTS_SINK);
        }
        return card;
    }

    private static int count(Paid paid) {
        return paid.counts() ? 1 : 0;
    }

    private static int correct(Paid paid) {
        return paid.correct() ? 1 : 0;
    }

    private static long answerMs(Paid paid) {
        return paid.counts() ? paid.answerMs() : 0;
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

    private void tellTallies(long now) {
        for (String key : tallies.takeChanged()) {
            String[] ids = StoreKeys.parts(key);
            Ruling ruling = rulings.get(ids[0], ids[1]);
            if (ruling != null) {
                tellTally(ruling.question(), false, now);
            }
        }
        tallyTimes.clear();
    }

    private void tellTally(Question question, boolean last, long now) {
        var part = tallies.part(question, context.taskId().partition(), last);
        context.forward(new Record<>(question.match(), part, now), QuizTopology.TALLY_PART_SINK);
    }

    /// Begins to give up what is settled for good.
    ///
    /// Stream time is what its producers say. The process's own clock bounds it: a feed whose clock
    /// is ahead by days shall not have everything forgotten.
    private void forgetSettled(long streamTime) {
        long now = Math.min(streamTime, context.currentSystemTimeMs());
        try (KeyValueIterator<String, String> entries =
                settled.range(StoreKeys.time(0), StoreKeys.time(now + 1))) {
            while (entries.hasNext()) {
                String key = entries.next().key;
                settled.delete(key);
                String[] ids = StoreKeys.parts(key);
                Ruling ruling = rulings.get(ids[1], ids[2]);
                // Settled once more meanwhile: that has an entry of its own.
                if (ruling != null && ruling.settledAt() + settings.ballotsKeptMs() <= now) {
                    passes.begin(Kind.FORGET_QUESTION, ids[1], ids[2], now);
                }
            }
        }
        if (!passes.isEmpty()) {
            steps.set();
        }
    }

    private int forgetQuestion(Pass pass, int max) {
        String first = StoreKeys.prefix(pass.match(), pass.question());
        int done = 0;
        Pass reached = pass;
        try (KeyValueIterator<String, Ballot> all =
                ballots.range(pass.from(first), StoreKeys.end(pass.match(), pass.question()))) {
            while (done < max && all.hasNext()) {
                String key = all.next().key;
                ballots.delete(key);
                done++;
                reached = reached.upTo(key);
            }
            if (all.hasNext()) {
                passes.put(reached);
                return done;
            }
        }
        Ruling ruling = rulings.delete(pass.match(), pass.question());
        if (ruling != null) {
            tellTally(ruling.question(), true, pass.at());
            tallies.forget(ruling.question());
        }
        passes.end(pass);
        if (!rulings.knowAnyOf(pass.match())) {
            passes.begin(Kind.FORGET_MATCH, pass.match(), "", pass.at());
        }
        return done;
    }

    /// Streaks go on from the cards.
    private int forgetMatch(Pass pass, int max) {
        if (rulings.knowAnyOf(pass.match())) {
            passes.end(pass);
            return 0;
        }
        int done = 0;
        String carried = "";
        Pass reached = pass;
        try (KeyValueIterator<String, Integer> all =
                history.range(
                        pass.from(StoreKeys.prefix(pass.match())), StoreKeys.end(pass.match()))) {
            while (done < max && all.hasNext()) {
                String key = all.next().key;
                String player = StoreKeys.parts(key)[1];
                if (!player.equals(carried)) {
                    accounts.carry(player, pass.match());
                    carried = player;
                }
                history.delete(key);
                done++;
                reached = reached.upTo(key);
            }
            if (all.hasNext()) {
                passes.put(reached);
            } else {
                passes.end(pass);
            }
        }
        return done;
    }

    private void keep(String key, Ballot before, Ballot ballot) {
        if (ballot.casts().isEmpty()) {
            if (!before.casts().isEmpty()) {
                ballots.delete(key);
            }
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
