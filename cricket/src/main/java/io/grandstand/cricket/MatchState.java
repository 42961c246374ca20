package io.grandstand.cricket;

import io.grandstand.events.Scoreboard;
import io.grandstand.events.Scoreboard.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The state of play of a match whose deliveries are known: folds them into scoreboards.
///
/// Knows no time: its scoreboards carry `asOf` 0, whoever publishes one stamps it.
final class MatchState {
    private static final int LAST_BALLS = 6;

    private final Match match;
    private final List<InningsCard> cards = new ArrayList<>();
    private final ArrayDeque<String> lastBalls = new ArrayDeque<>();

    MatchState(Match match) {
        this.match = match;
    }

    Scoreboard scheduled() {
        return board(State.SCHEDULED, List.of(), null, null);
    }

    Scoreboard inningsBegins(Innings innings) {
        cards.add(new InningsCard(innings));
        lastBalls.clear();
        var crease =
                innings.deliveries().isEmpty()
                        ? List.<String>of()
                        : crease(innings.deliveries().getFirst());
        return board(State.LIVE, crease, null, chase());
    }

    /// @param next the delivery that follows in this innings; null after its last. It tells who
    ///   takes strike now, nothing else of it is used.
    Scoreboard bowled(Delivery delivery, @Nullable Delivery next) {
        var card = card();
        card.add(delivery);
        lastBalls.addLast(
                NextBall.symbol(
                        delivery.runs(),
                        delivery.batterRuns(),
                        delivery.extras(),
                        delivery.wickets()));
        if (lastBalls.size() > LAST_BALLS) {
            lastBalls.removeFirst();
        }
        var crease =
                next != null
                        ? crease(next)
                        : crease(delivery).stream()
                                .filter(player -> !InningsCard.isOut(player, delivery))
                                .toList();
        return board(State.LIVE, crease, delivery.bowler(), chase());
    }

    Scoreboard inningsEnds() {
        card().close();
        return board(State.BREAK, List.of(), null, null);
    }

    Scoreboard finished() {
        return board(State.FINISHED, List.of(), null, match.result());
    }

    /// The innings under way, or the last one.
    InningsCard card() {
        return cards.getLast();
    }

    private Scoreboard board(
            State state, List<String> crease, @Nullable String bowler, @Nullable String note) {
        return new Scoreboard(
                match.id(),
                match.title(),
                match.teams(),
                state,
                cards.stream().map(this::line).toList(),
                crease.stream().map(this::batter).toList(),
                bowler == null ? null : bowler(bowler),
                List.copyOf(lastBalls),
                note,
                0);
    }

    private Scoreboard.Innings line(InningsCard card) {
        return new Scoreboard.Innings(
                card.innings.team(),
                card.innings.superOver(),
                card.runs,
                card.wickets,
                InningsCard.overs(card.legal, match.ballsPerOver()),
                card.innings.target());
    }

    private Scoreboard.Batter batter(String name) {
        var batting = card().batting(name);
        return new Scoreboard.Batter(name, batting.runs(), batting.balls());
    }

    private Scoreboard.Bowler bowler(String name) {
        var bowling = card().bowling(name);
        return new Scoreboard.Bowler(
                name,
                InningsCard.overs(bowling.balls(), match.ballsPerOver()),
                bowling.runs(),
                bowling.wickets());
    }

    /// What the chasing side still needs; null when nobody chases.
    private @Nullable String chase() {
        var card = card();
        Integer target = card.innings.target();
        if (target == null || card.runs >= target) {
            return null;
        }
        int runs = target - card.runs;
        Integer ballsMax = card.innings.ballsMax();
        String needed =
                "%s need %d %s".formatted(card.innings.team(), runs, runs == 1 ? "run" : "runs");
        if (ballsMax == null || ballsMax <= card.legal) {
            return needed;
        }
        int left = ballsMax - card.legal;
        return "%s from %d %s".formatted(needed, left, left == 1 ? "ball" : "balls");
    }

    private static List<String> crease(Delivery delivery) {
        return Stream.of(delivery.batter(), delivery.nonStriker())
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }
}
