package io.grandstand.cricket;

import io.grandstand.cricket.BallLedger.Change;
import io.grandstand.cricket.BallLedger.Known;
import io.grandstand.cricket.FeedMessage.Incident;
import io.grandstand.cricket.FeedMessage.Line;
import io.grandstand.cricket.FeedMessage.Stats;
import io.grandstand.events.Ball;
import io.grandstand.events.Ball.Extras;
import io.grandstand.events.Ball.Wicket;
import io.grandstand.events.Scoreboard;
import io.grandstand.events.Scoreboard.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a recorded live score feed (lines of JSON with `op` `ccm`): a match with its true pace,
/// its faults and its corrections.
///
/// A question opens when play is quiet (`MATCH_STABLE`) and the last ball is known; it locks when
/// quiet play ends, be it for a ball or because the feed can no longer see play. A delivery that
/// the feed tells differently later is a correction, and so is one that takes the place of a
/// delivery taken back; a question whose ball never comes is withdrawn. After an outage several
/// balls may come at once: the first settles the question that was out, the others were never asked
/// about.
public final class RecordedFeed {
    /// The first question of an innings opens this long before its first ball. The live feed is
    /// quiet all through the break, which is no time to ask.
    private static final long LEAD_MS = 30_000;

    /// A break between innings takes no longer than this, whatever it took then.
    private static final long BREAK_MS_MAX = 120_000;

    private static final long START_MS = 3_000;
    private static final int WICKETS = 10;
    private static final int LAST_BALLS = 6;
    private static final int TITLE_LENGTH_MAX = 200;
    private static final String UNKNOWN = "unknown";

    private final String id;
    private final List<FeedMessage> messages;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> teams = new ArrayList<>();
    private final Set<String> squads = new HashSet<>();
    private final String title;
    private BallLedger ledger = new BallLedger();
    private @Nullable Stats stats;
    private int innings = 1;
    private boolean inRunning;
    private boolean quiet;
    private boolean inningsOver;
    private boolean finished;
    private int questions;
    private int asked;
    private boolean locked;
    private @Nullable Long askAt;
    private int balls;
    private int rejected;
    private long lastStep;

    private RecordedFeed(Path file, List<FeedMessage> messages) {
        this.id = MatchId.of(file);
        this.messages = messages;
        String described =
                messages.stream()
                        .map(FeedMessage::title)
                        .filter(title -> title != null && !title.isBlank())
                        .reduce((_, later) -> later)
                        .orElse(id);
        this.title = described.substring(0, Math.min(described.length(), TITLE_LENGTH_MAX));
    }

    /// The match in this file.
    ///
    /// @throws MatchFileException naming file, place and reason
    public static MatchScript read(Path file) throws MatchFileException {
        return reading(file).script();
    }

    /// The match, and how many messages were refused because they tell of another one.
    record Reading(MatchScript script, int rejected) {}

    static Reading reading(Path file) throws MatchFileException {
        var messages = messages(file);
        if (messages.stream().noneMatch(RecordedFeed::isBall)) {
            throw new MatchFileException(file, "has no ball: there is nothing to play");
        }
        var feed = new RecordedFeed(file, messages);
        var script = feed.script();
        return new Reading(script, feed.rejected);
    }

    static List<FeedMessage> messages(Path file) throws MatchFileException {
        var messages = new ArrayList<FeedMessage>();
        int number = 0;
        for (String line : Place.readText(file).lines().toList()) {
            number++;
            if (!line.isBlank()) {
                messages.addAll(FeedMessage.parse(file, number, line));
            }
        }
        return messages;
    }

    private MatchScript script() {
        long firstBall = firstBallAfter(Long.MIN_VALUE);
        lastStep = firstBall - LEAD_MS - START_MS;
        for (var message : messages) {
            teams.addAll(message.teams().stream().filter(team -> !teams.contains(team)).toList());
            squads.addAll(message.squad());
        }
        emit(new Step.Board(0, board(State.SCHEDULED)));
        for (var message : messages) {
            if (!finished) {
                take(message);
            }
        }
        if (!finished) {
            finish(lastStep);
        }
        return new MatchScript(id, title, teams, steps);
    }

    private void take(FeedMessage message) {
        long now = message.at();
        var due = askAt;
        if (due != null && due <= now) {
            ask(due);
        }
        if (isForeign(message)) {
            rejected++;
            return;
        }
        if (message.fixtureStatus() != null) {
            inRunning = message.fixtureStatus().equals("IN_RUNNING");
        }
        if (message.phase() != null) {
            quiet = message.phase().equals(FeedMessage.STABLE);
            if (!quiet) {
                quietEnds(now);
            }
        }
        if (message.stats() != null) {
            takeStats(message.stats());
        }
        for (Change change : ledger.reconcile(message.incidents())) {
            take(change, now);
        }
        if ("FINISHED".equals(message.fixtureStatus())) {
            finish(now);
        } else if (!inningsOver && (message.inningsEnd() || hasEnded())) {
            inningsOver = true;
            withdraw(now, "The innings ended");
            emit(new Step.Board(gap(now), board(State.BREAK)));
        } else if (quiet && inRunning && !inningsOver && asked == 0 && askAt == null) {
            if (ledger.isEmpty()) {
                askAt = Math.max(now, firstBallAfter(now) - LEAD_MS);
            } else {
                ask(now);
            }
        }
    }

    private void takeStats(Stats latest) {
        stats = latest;
        if (latest.innings() > innings) {
            innings = latest.innings();
            inningsOver = false;
            ledger = new BallLedger();
        }
    }

    private void take(Change change, long now) {
        switch (change) {
            case Change.Added(Known ball) -> {
                balls++;
                ball.seq = balls;
                ball.question = asked;
                asked = 0;
                bowled(ball, now);
            }
            case Change.Corrected(Known ball) -> bowled(ball, now);
            case Change.Removed(Known ball) -> {
                if (ball.question > 0) {
                    emit(new Step.Withdrawn(gap(now), ball.question, "The ball was not bowled"));
                }
            }
        }
    }

    private void bowled(Known known, long now) {
        emit(
                new Step.Bowled(
                        gap(now),
                        known.question,
                        ball(known),
                        board(inningsOver ? State.BREAK : State.LIVE)));
    }

    private void ask(long at) {
        askAt = null;
        if (ledger.isEmpty()) {
            emit(new Step.Board(Math.min(gap(at), BREAK_MS_MAX), board(State.LIVE)));
            lastStep = Math.max(lastStep, at);
        }
        questions++;
        asked = questions;
        locked = false;
        emit(new Step.Ask(gap(at), asked, NextBall.PROMPT));
    }

    private void quietEnds(long now) {
        askAt = null;
        if (asked > 0 && !locked) {
            locked = true;
            emit(new Step.QuietEnds(gap(now), asked));
        }
    }

    private void withdraw(long now, String reason) {
        if (asked > 0) {
            emit(new Step.Withdrawn(gap(now), asked, reason));
            asked = 0;
        }
    }

    private void finish(long now) {
        finished = true;
        withdraw(now, "The match ended");
        emit(new Step.Board(gap(now), board(State.FINISHED)));
    }

    private void emit(Step step) {
        steps.add(step);
        lastStep += step.gapMs();
    }

    private long gap(long now) {
        return Math.max(0, now - lastStep);
    }

    /// Whether the message tells of another match: an innings that is over, or a player of neither
    /// side. Nothing in it is believed.
    private boolean isForeign(FeedMessage message) {
        boolean stranger =
                !squads.isEmpty()
                        && message.incidents().stream()
                                .map(Incident::player)
                                .anyMatch(player -> player != null && !squads.contains(player));
        return stranger || (message.stats() != null && message.stats().innings() < innings);
    }

    private boolean hasEnded() {
        var line = line();
        return line != null && line.wickets() >= WICKETS;
    }

    private @Nullable Line line() {
        var latest = stats;
        return latest == null || latest.lines().size() < innings
                ? null
                : latest.lines().get(innings - 1);
    }

    private long firstBallAfter(long time) {
        return messages.stream()
                .filter(message -> message.at() > time && isBall(message))
                .mapToLong(FeedMessage::at)
                .findFirst()
                .orElse(time);
    }

    private static boolean isBall(FeedMessage message) {
        return FeedMessage.BALL_IN_PROGRESS.equals(message.phase());
    }

    private Ball ball(Known known) {
        var told = known.incident();
        String striker =
                stats == null || stats.batters().isEmpty()
                        ? UNKNOWN
                        : stats.batters().getFirst().name();
        String batter = told.player() == null ? striker : told.player();
        var bowler = stats == null ? null : stats.bowler();
        var extras = extras(told);
        var wickets = wickets(told, batter);
        int batterRuns = batterRuns(told);
        return new Ball(
                id,
                known.seq,
                known.version,
                innings,
                innings > 2,
                told.over(),
                known.ball,
                batter,
                null,
                bowler == null ? UNKNOWN : bowler.name(),
                runs(told),
                batterRuns,
                extras,
                wickets,
                NextBall.outcome(batterRuns, extras, wickets),
                0);
    }

    private static int runs(Incident told) {
        var extras = extras(told);
        return batterRuns(told)
                + extras.wides()
                + extras.noballs()
                + extras.byes()
                + extras.legbyes();
    }

    private static int batterRuns(Incident told) {
        return switch (told.kind()) {
            case STRIKE, NO_BALL, OUT -> told.value();
            case WIDE, BYE, LEG_BYE -> 0;
        };
    }

    private static Extras extras(Incident told) {
        int value = told.value();
        return switch (told.kind()) {
            case WIDE -> new Extras(1 + value, 0, 0, 0, 0);
            case NO_BALL -> new Extras(0, 1, 0, 0, 0);
            case BYE -> new Extras(0, 0, value, 0, 0);
            case LEG_BYE -> new Extras(0, 0, 0, value, 0);
            case STRIKE, OUT -> Extras.NONE;
        };
    }

    /// The feed does not say how a batter was out.
    private static List<Wicket> wickets(Incident told, String batter) {
        return told.kind() == FeedMessage.Kind.OUT ? List.of(new Wicket("out", batter)) : List.of();
    }

    /// The score as the feed itself keeps it: it knows of balls that it never told one by one.
    private Scoreboard board(State state) {
        var latest = stats;
        var lines = new ArrayList<Scoreboard.Innings>();
        if (latest != null && state != State.SCHEDULED) {
            for (int i = 0; i < Math.min(innings, latest.lines().size()); i++) {
                var line = latest.lines().get(i);
                lines.add(
                        new Scoreboard.Innings(
                                line.team(),
                                i > 1,
                                line.runs(),
                                line.wickets(),
                                line.overs(),
                                i % 2 == 0 ? null : latest.lines().get(i - 1).runs() + 1));
            }
        }
        var live = state == State.LIVE ? latest : null;
        return new Scoreboard(
                id,
                title,
                teams,
                state,
                lines,
                live == null ? List.of() : live.batters(),
                live == null ? null : live.bowler(),
                ledger.latest(LAST_BALLS).stream().map(RecordedFeed::symbol).toList(),
                state == State.FINISHED ? result(lines) : null,
                0);
    }

    private static String symbol(Incident told) {
        return NextBall.symbol(runs(told), batterRuns(told), extras(told), wickets(told, UNKNOWN));
    }

    private static String result(List<Scoreboard.Innings> lines) {
        if (lines.size() < 2) {
            return "No result";
        }
        var first = lines.get(lines.size() - 2);
        var second = lines.getLast();
        int ahead = first.runs() - second.runs();
        if (ahead == 0) {
            return "Match tied";
        }
        return ahead > 0
                ? "%s won by %d %s".formatted(first.team(), ahead, ahead == 1 ? "run" : "runs")
                : "%s won by %d %s"
                        .formatted(
                                second.team(),
                                WICKETS - second.wickets(),
                                WICKETS - second.wickets() == 1 ? "wicket" : "wickets");
    }
}
