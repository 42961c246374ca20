package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.Ball;
import io.grandstand.events.MediaClock;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Scoreboard.State;
import io.grandstand.events.Terms;
import io.grandstand.events.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConductorTest {
    /// Two balls, the first corrected while the second's question is open, and one that never came.
    private static final MatchScript SMALL =
            new MatchScript(
                    "m",
                    "Ash v Zed",
                    List.of("Ash", "Zed"),
                    List.of(
                            new Step.Board(0, board(State.SCHEDULED, "start")),
                            new Step.Board(3_000, board(State.LIVE, "live")),
                            new Step.Ask(0, 1, NextBall.PROMPT),
                            new Step.QuietEnds(24_000, 1),
                            new Step.Bowled(9_000, 1, ball(1, 1, "six"), board(State.LIVE, "1.1")),
                            new Step.Ask(0, 2, NextBall.PROMPT),
                            new Step.Bowled(
                                    4_000, 1, ball(1, 2, "wicket"), board(State.LIVE, "1.2")),
                            new Step.QuietEnds(3_000, 2),
                            new Step.Bowled(5_000, 2, ball(2, 1, "dot"), board(State.LIVE, "2.1")),
                            new Step.Bowled(0, 0, ball(3, 1, "one"), board(State.LIVE, "3.1")),
                            new Step.Bowled(1_000, 2, ball(2, 2, "dot"), board(State.LIVE, "2.2")),
                            new Step.Ask(0, 3, NextBall.PROMPT),
                            new Step.Withdrawn(30_000, 3, "The match was abandoned"),
                            new Step.Board(2_000, board(State.FINISHED, "No result"))));

    @Test
    void nothingOfABallIsSaidBeforeItsLockIsPublic() throws Exception {
        var feed = new FakeFeed("m");
        long start = feed.instant().toEpochMilli();
        play(SMALL, feed, Pacing.DEFAULT);

        assertThat(feed.told(start))
                .containsExactly(
                        "0 scheduled",
                        "3000 live",
                        "3000 ask 1",
                        // The deadline comes first,
                        "13000 lock 1",
                        "36020 public 1",
                        "36020 ball 1.1",
                        "36020 live",
                        "36020 resolve 1 six",
                        "36020 ask 2",
                        "40020 ball 1.2",
                        "40020 live",
                        "40020 resolve 1 wicket",
                        // and here the ball.
                        "43020 lock 2",
                        "48040 public 2",
                        "48040 ball 2.1",
                        "48040 live",
                        "48040 resolve 2 dot",
                        // Nobody was asked about this one; and a correction that leaves the option
                        // as it was settles nothing anew.
                        "48040 ball 3.1",
                        "48040 live",
                        "49040 ball 2.2",
                        "49040 live",
                        "49040 ask 3",
                        "59040 lock 3",
                        "79040 withdraw 3",
                        "81040 finished");
    }

    @Test
    void aLockTellsTheDeadlineOrTheBallWhicheverCameFirst() throws Exception {
        var feed = new FakeFeed("m");
        long start = feed.instant().toEpochMilli();
        play(SMALL, feed, Pacing.DEFAULT);

        assertThat(asks(feed).values().stream().map(ask -> ask.locksAt() - start))
                .containsExactly(13_000L, 46_020L, 59_040L);
        assertThat(
                        feed.said(Topics.QUESTION_COMMAND).stream()
                                .filter(QuestionCommand.Lock.class::isInstance)
                                .map(command -> ((QuestionCommand.Lock) command).at() - start))
                .containsExactly(13_000L, 43_020L, 59_040L);
    }

    /// DOMAIN 2: cap the accepted delay, and lock everybody at ball start.
    @Test
    void whereDelaysAreBelievedAQuestionStaysOpenForAsLongUnlessTheBallComes() throws Exception {
        var feed = new FakeFeed("m");
        long start = feed.instant().toEpochMilli();
        var delays = new Terms.Delays(Terms.Policy.LOCK, 5_000);
        var terms = new Terms("s1", null, null, null, delays);
        new Conductor(SMALL, feed, Pacing.DEFAULT, new Asking(terms, null), feed, feed).run();

        assertThat(asks(feed).values()).allSatisfy(ask -> assertThat(ask.terms()).isEqualTo(terms));
        assertThat(
                        feed.said(Topics.QUESTION_COMMAND).stream()
                                .filter(QuestionCommand.Lock.class::isInstance)
                                .map(command -> ((QuestionCommand.Lock) command).at() - start))
                .containsExactly(18_000L, 43_020L, 64_040L);
    }

    @Test
    void aMatchCannotGiveEveryViewerTheFullTime() {
        var delays = new Terms.Delays(Terms.Policy.LATER, 5_000);
        var terms = new Terms(null, null, null, null, delays);
        assertThatThrownBy(() -> new Asking(terms, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("delays.policy is later: must be lock");
    }

    @Test
    void aQuestionIsToBeShownWhereTheStreamStoodWhenItWasAsked() throws Exception {
        var feed = new FakeFeed("m");
        long start = feed.instant().toEpochMilli();
        var media = new MediaClock("m", 60_000, start);
        var asking = new Asking(null, media);
        new Conductor(SMALL, feed, Pacing.DEFAULT, asking, feed, feed).run();

        assertThat(feed.said(Topics.MEDIA_CLOCK)).containsExactly(media);
        assertThat(asks(feed).values())
                .allSatisfy(
                        ask -> assertThat(ask.cueAt()).isEqualTo(60_000 + ask.opensAt() - start));
    }

    @Test
    void theMediaClockIsSaidOnceAlsoOverARestart() throws Exception {
        var feed = new FakeFeed("m");
        var asking = new Asking(null, new MediaClock("m", 60_000, feed.instant().toEpochMilli()));
        feed.diesAfter = 10;
        var first = new Conductor(SMALL, feed, Pacing.DEFAULT, asking, feed, feed);
        assertThatThrownBy(first::run).isInstanceOf(FakeFeed.Killed.class);
        var again = feed.restarted(Duration.ofSeconds(1));
        new Conductor(SMALL, again, Pacing.DEFAULT, asking, again, again).run();
        assertThat(again.said(Topics.MEDIA_CLOCK)).hasSize(1);
    }

    @Test
    void aBallHasTheTimeItWasBowledAlsoWhenCorrected() throws Exception {
        var feed = new FakeFeed("m");
        long start = feed.instant().toEpochMilli();
        play(SMALL, feed, Pacing.DEFAULT);

        assertThat(feed.said(Topics.BALL).stream().map(ball -> ball.at() - start))
                .containsExactly(27_000L, 27_000L, 43_020L, 48_040L, 43_020L);
    }

    @Test
    void speedShortensThePlayButNotTheAnswerWindow() throws Exception {
        var feed = new FakeFeed("m");
        long start = feed.instant().toEpochMilli();
        play(SMALL, feed, Pacing.DEFAULT.atSpeed(10));

        assertThat(asks(feed).values())
                .allSatisfy(ask -> assertThat(ask.locksAt() - ask.opensAt()).isEqualTo(10_000));
        assertThat(feed.told(start).subList(2, 6))
                .containsExactly("300 ask 1", "2700 lock 1", "3620 public 1", "3620 ball 1.1");
    }

    @Test
    void howeverFastTheMatchAQuestionIsOpenForItsLeastTime() throws Exception {
        var feed = new FakeFeed("m");
        play(SMALL, feed, new Pacing(5_000, Duration.ofSeconds(10), Duration.ofMillis(50)));

        var asks = asks(feed);
        var locks =
                feed.said(Topics.QUESTION_COMMAND).stream()
                        .filter(QuestionCommand.Lock.class::isInstance)
                        .map(QuestionCommand.Lock.class::cast)
                        .toList();
        assertThat(locks).hasSize(2);
        for (var lock : locks) {
            var ask = asks.get(lock.question());
            assertThat(ask).isNotNull();
            assertThat(lock.at() - (ask == null ? 0 : ask.opensAt())).isBetween(50L, 60L);
        }
        checkOrder(feed);
    }

    @Test
    void aFinishedMatchIsLeftAlone() throws Exception {
        var feed = new FakeFeed("m");
        play(SMALL, feed, Pacing.DEFAULT);
        int said = feed.log.size();

        var later = feed.restarted(Duration.ofDays(30));
        play(SMALL, later, Pacing.DEFAULT);

        assertThat(later.log).hasSize(said);
    }

    @Test
    void aQuestionThatIsStillOpenAfterARestartKeepsItsDeadline() throws Exception {
        var feed = killedAfter(3);
        assertThat(feed.told()).endsWith("ask 1");
        long asked = feed.log.getLast().at();

        var again = feed.restarted(Duration.ofSeconds(4));
        play(SMALL, again, Pacing.DEFAULT);

        assertThat(again.told(asked).subList(3, 6))
                .containsExactly("10000 lock 1", "33020 public 1", "33020 ball 1.1");
        assertThat(asks(again)).hasSize(3);
    }

    @Test
    void aQuestionWhoseDeadlinePassedMeanwhileIsLockedAtThatDeadline() throws Exception {
        var feed = killedAfter(3);
        long asked = feed.log.getLast().at();

        var again = feed.restarted(Duration.ofSeconds(60));
        play(SMALL, again, Pacing.DEFAULT);

        var lock = (QuestionCommand.Lock) again.log.get(3).message().value();
        assertThat(lock.at() - asked).isEqualTo(10_000);
        assertThat(again.told(asked).subList(3, 6))
                .containsExactly("60000 lock 1", "69020 public 1", "69020 ball 1.1");
    }

    @Test
    void aBallHalfSaidIsCompleted() throws Exception {
        var feed = killedAfter(6);
        assertThat(feed.told()).endsWith("lock 1", "public 1", "ball 1.1");

        var again = feed.restarted(Duration.ofSeconds(4));
        play(SMALL, again, Pacing.DEFAULT);

        assertThat(again.told().subList(6, 10))
                .containsExactly("public 1", "live", "resolve 1 six", "ask 2");
    }

    @Test
    void killedAtAnyPointTheSmallMatchComesToTheSameEnd() throws Exception {
        checkKilledAnywhere(SMALL, 1);
    }

    @Test
    void killedAtAnyPointASimulatedMatchComesToTheSameEnd() throws Exception {
        var whole = SimulatedMatch.of("demo", 11);
        checkKilledAnywhere(new MatchScript("demo", "T", List.of(), cut(whole.steps())), 1);
    }

    @Test
    void killedAtManyPointsTheRecordedMatchComesToTheSameEnd() throws Exception {
        checkKilledAnywhere(RecordedFeed.read(RealData.scoreFeed()), 53);
    }

    @Test
    void killedAgainAndAgainTheMatchComesToTheSameEnd() throws Exception {
        var script = SimulatedMatch.of("demo", 3);
        var expected = finalState(uninterrupted(script));

        var feed = new FakeFeed("demo");
        int lives = 0;
        boolean over = false;
        while (!over) {
            feed.diesAfter = feed.log.size() + 7;
            over = survives(script, feed);
            feed = feed.restarted(Duration.ofSeconds(3));
            lives++;
        }
        assertThat(lives).isGreaterThan(100);
        assertThat(finalState(feed)).isEqualTo(expected);
        checkOrder(feed);
    }

    @Test
    void everyRealMatchIsPlayedToItsEndInOrder() throws Exception {
        for (var file : RealData.matches()) {
            var script = Cricsheet.read(file);
            var feed = uninterrupted(script);
            checkOrder(feed);
            assertThat(feed.said(Topics.SCOREBOARD).getLast().state()).isEqualTo(State.FINISHED);
        }
    }

    @Test
    void theFeedMustBeOfTheScriptsMatch() {
        var feed = new FakeFeed("another");
        assertThatThrownBy(() -> play(SMALL, feed, Pacing.DEFAULT))
                .hasMessage("the feed is of match 'another': must be 'm'");
    }

    @Test
    void pacingRefusesWhatMakesNoSense() {
        assertThatThrownBy(() -> Pacing.DEFAULT.atSpeed(0))
                .hasMessage("speed is 0.0: must be above 0 and at most 1,000,000");
        assertThatThrownBy(() -> new Pacing(1, Duration.ZERO, Duration.ZERO))
                .hasMessageStartingWith("answer-window is PT0S");
        assertThatThrownBy(() -> new Pacing(1, Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .hasMessage("min-open is PT2S: must be zero to the answer-window, PT1S");
    }

    /// Kills the conductor after each `stride`-th message of a whole run and lets it run again.
    private static void checkKilledAnywhere(MatchScript script, int stride) throws Exception {
        var whole = uninterrupted(script);
        var expected = finalState(whole);
        for (int i = 0; i < whole.log.size(); i += stride) {
            var feed = new FakeFeed(script.id());
            feed.diesAfter = i;
            assertThat(survives(script, feed)).isFalse();
            var again = feed.restarted(Duration.ofSeconds(i % 40));
            play(script, again, Pacing.DEFAULT);
            assertThat(finalState(again)).as("killed after %d messages", i).isEqualTo(expected);
            checkOrder(again);
        }
    }

    /// What the topics say in the end, times left out: each ball once in each version, each
    /// question's content, its answers in order, and the scoreboard.
    private static Map<String, Object> finalState(FakeFeed feed) {
        var end = new HashMap<String, Object>();
        var balls = new ArrayList<String>();
        for (Ball ball : feed.said(Topics.BALL)) {
            balls.add("%d.%d %s".formatted(ball.seq(), ball.version(), ball.outcome()));
        }
        end.put("balls", balls);
        end.put("asked", List.copyOf(asks(feed).keySet()));
        end.put(
                "resolved",
                feed.said(Topics.QUESTION_COMMAND).stream()
                        .filter(QuestionCommand.Resolve.class::isInstance)
                        .map(QuestionCommand.Resolve.class::cast)
                        .map(resolve -> resolve.question() + " " + resolve.answer())
                        .toList());
        end.put(
                "withdrawn",
                feed.said(Topics.QUESTION_COMMAND).stream()
                        .filter(QuestionCommand.Withdraw.class::isInstance)
                        .map(QuestionCommand::question)
                        .toList());
        end.put("board", Conductor.at(feed.said(Topics.SCOREBOARD).getLast(), 0));
        return end;
    }

    /// No ball and no outcome before the lock; no question asked, locked or withdrawn twice.
    private static void checkOrder(FakeFeed feed) {
        var locked = new HashSet<String>();
        var known = new HashSet<String>();
        var told = feed.told();
        assertThat(told).noneMatch(String::isEmpty);
        var once = told.stream().filter(said -> said.matches("(ask|lock|withdraw) .*")).toList();
        assertThat(once).doesNotHaveDuplicates();
        for (String said : told) {
            String[] words = said.split(" ", 3);
            switch (words[0]) {
                case "ask" -> assertThat(known).doesNotContain(words[1]);
                case "lock" -> locked.add(words[1]);
                case "public" -> {
                    assertThat(locked).contains(words[1]);
                    known.add(words[1]);
                }
                case "resolve" -> assertThat(known).contains(words[1]);
                default -> {}
            }
        }
    }

    private static Map<String, QuestionCommand.Ask> asks(FakeFeed feed) {
        return feed.said(Topics.QUESTION_COMMAND).stream()
                .filter(QuestionCommand.Ask.class::isInstance)
                .map(QuestionCommand.Ask.class::cast)
                .collect(
                        Collectors.toMap(
                                QuestionCommand.Ask::question,
                                Function.identity(),
                                (_, _) -> {
                                    throw new AssertionError("asked twice");
                                },
                                LinkedHashMap::new));
    }

    private static FakeFeed killedAfter(int messages) throws InterruptedException {
        var feed = new FakeFeed("m");
        feed.diesAfter = messages;
        assertThat(survives(SMALL, feed)).isFalse();
        return feed;
    }

    private static FakeFeed uninterrupted(MatchScript script) throws InterruptedException {
        var feed = new FakeFeed(script.id());
        play(script, feed, Pacing.DEFAULT);
        return feed;
    }

    private static boolean survives(MatchScript script, FakeFeed feed) throws InterruptedException {
        try {
            play(script, feed, Pacing.DEFAULT);
            return true;
        } catch (FakeFeed.Killed killed) {
            return false;
        }
    }

    private static void play(MatchScript script, FakeFeed feed, Pacing pacing)
            throws InterruptedException {
        new Conductor(script, feed, pacing, feed, feed).run();
    }

    /// The first balls of a match and its end.
    private static List<Step> cut(List<Step> steps) {
        var cut = new ArrayList<>(steps.subList(0, 2 + 3 * 25));
        cut.add(steps.getLast());
        return cut;
    }

    private static Ball ball(int seq, int version, String outcome) {
        return new Ball(
                "m",
                seq,
                version,
                1,
                false,
                0,
                seq,
                "A Amber",
                null,
                "Z Zinc",
                0,
                0,
                Ball.Extras.NONE,
                List.of(),
                outcome,
                0);
    }

    private static Scoreboard board(State state, String note) {
        return new Scoreboard(
                "m",
                "Ash v Zed",
                List.of("Ash", "Zed"),
                state,
                List.of(),
                List.of(),
                null,
                List.of(),
                note,
                Instant.EPOCH.toEpochMilli());
    }
}
