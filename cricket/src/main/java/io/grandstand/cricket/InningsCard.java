package io.grandstand.cricket;

import io.grandstand.events.Ball.Wicket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The scorecard of one innings, counted delivery by delivery. Confined to whoever counts.
final class InningsCard {
    /// What a batter has made.
    record Batting(int runs, int balls, int fours, int sixes) {
        static final Batting NONE = new Batting(0, 0, 0, 0);
    }

    /// What a bowler has given away. `balls` are legal ones.
    record Bowling(int balls, int runs, int wickets) {
        static final Bowling NONE = new Bowling(0, 0, 0);
    }

    /// What one over has brought.
    record Over(int over, int balls, int legal, int runs, int wickets) {}

    final Innings innings;
    final Map<String, Batting> batters = new LinkedHashMap<>();
    final Map<String, Bowling> bowlers = new LinkedHashMap<>();
    final List<Over> overs = new ArrayList<>();
    int runs;
    int wickets;
    int balls;
    int legal;

    InningsCard(Innings innings) {
        this.innings = innings;
        this.runs = innings.penaltyBefore();
    }

    void add(Delivery delivery) {
        int legalNow = delivery.isLegal() ? 1 : 0;
        int lost = delivery.wicketsLost();
        runs += delivery.runs();
        wickets += lost;
        balls++;
        legal += legalNow;
        if (delivery.isFaced()) {
            batters.merge(delivery.batter(), faced(delivery), InningsCard::sum);
        } else {
            batters.putIfAbsent(delivery.batter(), Batting.NONE);
        }
        bowlers.merge(
                delivery.bowler(),
                new Bowling(legalNow, delivery.bowlerRuns(), delivery.bowlersWickets()),
                InningsCard::sum);
        var over = new Over(delivery.over(), 1, legalNow, delivery.runs(), lost);
        if (overs.isEmpty() || overs.getLast().over() != delivery.over()) {
            overs.add(over);
        } else {
            overs.add(sum(overs.removeLast(), over));
        }
    }

    void close() {
        runs += innings.penaltyAfter();
    }

    Batting batting(String batter) {
        return batters.getOrDefault(batter, Batting.NONE);
    }

    Bowling bowling(String bowler) {
        return bowlers.getOrDefault(bowler, Bowling.NONE);
    }

    /// Legal balls as cricket writes them: `12.3` is 12 overs and 3 balls.
    static String overs(int legal, int ballsPerOver) {
        return legal / ballsPerOver + "." + legal % ballsPerOver;
    }

    static boolean isOut(String player, Delivery delivery) {
        return delivery.wickets().stream().map(Wicket::player).anyMatch(player::equals);
    }

    private static Batting faced(Delivery delivery) {
        int runs = delivery.batterRuns();
        return new Batting(
                runs,
                1,
                delivery.boundary() && runs == 4 ? 1 : 0,
                delivery.boundary() && runs == 6 ? 1 : 0);
    }

    private static Batting sum(Batting a, Batting b) {
        return new Batting(
                a.runs + b.runs, a.balls + b.balls, a.fours + b.fours, a.sixes + b.sixes);
    }

    private static Bowling sum(Bowling a, Bowling b) {
        return new Bowling(a.balls + b.balls, a.runs + b.runs, a.wickets + b.wickets);
    }

    private static Over sum(Over a, Over b) {
        return new Over(
                a.over,
                a.balls + b.balls,
                a.legal + b.legal,
                a.runs + b.runs,
                a.wickets + b.wickets);
    }
}
