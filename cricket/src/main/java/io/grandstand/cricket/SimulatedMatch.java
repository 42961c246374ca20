package io.grandstand.cricket;

import io.grandstand.cricket.T20Frequencies.Happening;
import io.grandstand.cricket.T20Frequencies.Phase;
import io.grandstand.events.Ball.Extras;
import io.grandstand.events.Ball.Wicket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A T20 match between two invented teams, as a seed decides it: the same seed, the same match.
///
/// What each ball brings is drawn from `T20Frequencies`. A chase ends when the target is reached; a
/// tie goes to super overs until one side wins.
public final class SimulatedMatch {
    private static final int OVERS = 20;
    private static final int BALLS_PER_OVER = 6;
    private static final int WICKETS = 10;
    private static final int SUPER_OVER_WICKETS = 2;
    private static final int BOWLERS = 6;
    private static final int BOWLER_OVERS_MAX = 4;
    private static final int PLAYERS = 11;

    private static final List<String> TEAMS =
            List.of(
                    "Harbour Herons",
                    "Valley Kites",
                    "Granite Foxes",
                    "Lantern City",
                    "Monsoon Riders",
                    "Copper Coast",
                    "Saffron Hill",
                    "Northgate Owls");

    private static final List<String> INITIALS =
            List.of("A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S");

    private static final List<String> SURNAMES =
            List.of(
                    "Amberley",
                    "Bhandol",
                    "Carrowick",
                    "Dewsbrook",
                    "Eranath",
                    "Fennimore",
                    "Gulmaran",
                    "Hartlock",
                    "Ilavan",
                    "Jessamy",
                    "Karunesh",
                    "Lowenby",
                    "Madrigane",
                    "Nethercott",
                    "Okonwe",
                    "Penhallow",
                    "Quillan",
                    "Rangeford",
                    "Samarath",
                    "Tolliver",
                    "Umberton",
                    "Vashkar",
                    "Wetherall",
                    "Xanthos",
                    "Yarrowby",
                    "Zamrani",
                    "Ashgrove",
                    "Brindavan",
                    "Calloway",
                    "Dhanesar",
                    "Ellerby",
                    "Farrokhi");

    // The algorithm of Random is part of its specification, so a seed means the same match on every
    // Java version.
    private final Random random;
    private final Map<String, List<String>> players = new HashMap<>();

    private SimulatedMatch(long seed) {
        this.random = new Random(seed);
    }

    /// The match of this seed, under this id.
    ///
    /// @param matchId 1 to 56 characters of `A-Z a-z 0-9 . _ ~ -`
    public static MatchScript of(String matchId, long seed) {
        return new Tempo(seed).script(match(matchId, seed));
    }

    static Match match(String matchId, long seed) {
        return new SimulatedMatch(seed).play(MatchId.check(matchId));
    }

    private Match play(String id) {
        var names = new ArrayList<>(TEAMS);
        Collections.shuffle(names, random);
        String first = names.get(0);
        String second = names.get(1);
        var surnames = new ArrayList<>(SURNAMES);
        Collections.shuffle(surnames, random);
        players.put(first, squad(surnames.subList(0, PLAYERS)));
        players.put(second, squad(surnames.subList(PLAYERS, 2 * PLAYERS)));

        var innings = new ArrayList<Innings>();
        innings.add(innings(first, second, null, false));
        innings.add(innings(second, first, innings.getFirst().runs() + 1, false));
        String result = result(innings.get(0), innings.get(1));
        // Who batted second in the match, and in each super over, bats first in the next one.
        String leads = second;
        while (innings.getLast().runs() == innings.get(innings.size() - 2).runs()) {
            String follows = leads.equals(first) ? second : first;
            var opening = innings(leads, follows, null, true);
            var reply = innings(follows, leads, opening.runs() + 1, true);
            innings.add(opening);
            innings.add(reply);
            String winner = reply.runs() > opening.runs() ? follows : leads;
            result = "Match tied, %s won the super over".formatted(winner);
            leads = follows;
        }
        return new Match(
                id,
                "%s v %s, simulated T20".formatted(first, second),
                List.of(first, second),
                BALLS_PER_OVER,
                innings,
                false,
                result);
    }

    private List<String> squad(List<String> surnames) {
        return surnames.stream()
                .map(surname -> INITIALS.get(random.nextInt(INITIALS.size())) + " " + surname)
                .toList();
    }

    private Innings innings(
            String batting, String bowling, @Nullable Integer target, boolean superOver) {
        var order = Objects.requireNonNull(players.get(batting));
        var attack = attack(Objects.requireNonNull(players.get(bowling)), superOver);
        int overs = superOver ? 1 : OVERS;
        int wicketsMax = superOver ? SUPER_OVER_WICKETS : WICKETS;
        var deliveries = new ArrayList<Delivery>();
        String striker = order.get(0);
        String partner = order.get(1);
        int nextIn = 2;
        int runs = 0;
        int lost = 0;
        for (int over = 0; over < overs; over++) {
            int legal = 0;
            int ball = 0;
            while (legal < BALLS_PER_OVER) {
                if (lost == wicketsMax || (target != null && runs >= target)) {
                    return new Innings(
                            batting, superOver, target, overs * BALLS_PER_OVER, 0, 0, deliveries);
                }
                ball++;
                // A super over is all death overs.
                var phase = Phase.of(superOver ? OVERS - 1 : over, lost);
                var delivery =
                        delivery(over, ball, striker, partner, attack.get(over), draw(phase));
                deliveries.add(delivery);
                runs += delivery.runs();
                legal += delivery.isLegal() ? 1 : 0;
                if (!delivery.wickets().isEmpty()) {
                    lost++;
                    if (lost < wicketsMax) {
                        String in = order.get(nextIn);
                        nextIn++;
                        if (InningsCard.isOut(striker, delivery)) {
                            striker = in;
                        } else {
                            partner = in;
                        }
                    }
                }
                if (ran(delivery) % 2 == 1) {
                    String end = striker;
                    striker = partner;
                    partner = end;
                }
            }
            String end = striker;
            striker = partner;
            partner = end;
        }
        return new Innings(batting, superOver, target, overs * BALLS_PER_OVER, 0, 0, deliveries);
    }

    /// Who bowls each over: the last six of the order, never two overs running, four at most each.
    private List<String> attack(List<String> side, boolean superOver) {
        var bowlers = new ArrayList<>(side.subList(PLAYERS - BOWLERS, PLAYERS));
        if (superOver) {
            return List.of(bowlers.get(random.nextInt(BOWLERS)));
        }
        var bowled = new HashMap<String, Integer>();
        var overs = new ArrayList<String>();
        while (overs.size() < OVERS) {
            // Whoever has bowled least comes next, chance deciding among equals: so nobody's four
            // overs are used up too early to avoid two running.
            Collections.shuffle(bowlers, random);
            String next =
                    bowlers.stream()
                            .filter(bowler -> overs.isEmpty() || !bowler.equals(overs.getLast()))
                            .filter(bowler -> bowled.getOrDefault(bowler, 0) < BOWLER_OVERS_MAX)
                            .min((a, b) ->
                                    Integer.compare(
                                            bowled.getOrDefault(a, 0), bowled.getOrDefault(b, 0)))
                            .orElseThrow();
            bowled.merge(next, 1, Integer::sum);
            overs.add(next);
        }
        return overs;
    }

    private Happening draw(Phase phase) {
        int left = random.nextInt(T20Frequencies.total(phase));
        for (Happening happening : Happening.values()) {
            left -= T20Frequencies.count(phase, happening);
            if (left < 0) {
                return happening;
            }
        }
        throw new AssertionError("the counts add up to the total");
    }

    private Delivery delivery(
            int over,
            int ball,
            String striker,
            String partner,
            String bowler,
            Happening happening) {
        int batterRuns = 0;
        var extras = Extras.NONE;
        var wickets = List.<Wicket>of();
        switch (happening) {
            case DOT -> {}
            case ONE -> batterRuns = 1;
            case TWO -> batterRuns = 2;
            case THREE -> batterRuns = 3;
            case FOUR -> batterRuns = 4;
            case FIVE -> batterRuns = 5;
            case SIX -> batterRuns = 6;
            case WIDE -> extras = new Extras(1, 0, 0, 0, 0);
            case WIDE_AND_ONE -> extras = new Extras(2, 0, 0, 0, 0);
            case WIDE_AND_FOUR -> extras = new Extras(5, 0, 0, 0, 0);
            case NO_BALL -> extras = new Extras(0, 1, 0, 0, 0);
            case BYE -> extras = new Extras(0, 0, 1, 0, 0);
            case FOUR_BYES -> extras = new Extras(0, 0, 4, 0, 0);
            case LEG_BYE -> extras = new Extras(0, 0, 0, 1, 0);
            case FOUR_LEG_BYES -> extras = new Extras(0, 0, 0, 4, 0);
            case BOWLED -> wickets = List.of(new Wicket("bowled", striker));
            case CAUGHT -> wickets = List.of(new Wicket("caught", striker));
            case LBW -> wickets = List.of(new Wicket("lbw", striker));
            case RUN_OUT ->
                    wickets =
                            List.of(
                                    new Wicket(
                                            "run out", random.nextBoolean() ? striker : partner));
            case STUMPED -> wickets = List.of(new Wicket("stumped", striker));
        }
        return new Delivery(
                over, ball, striker, partner, bowler, batterRuns, true, extras, wickets);
    }

    /// The runs that were run, or an even number where none had to be: odd ones change ends.
    private static int ran(Delivery delivery) {
        var extras = delivery.extras();
        return delivery.batterRuns()
                + Math.max(0, extras.wides() - 1)
                + extras.byes()
                + extras.legbyes();
    }

    private static String result(Innings first, Innings second) {
        int ahead = first.runs() - second.runs();
        // A tie is played on, so its result is the super over's.
        if (ahead > 0) {
            return "%s won by %s".formatted(first.team(), counted(ahead, "run"));
        }
        int lost = second.deliveries().stream().mapToInt(Delivery::wicketsLost).sum();
        return "%s won by %s".formatted(second.team(), counted(WICKETS - lost, "wicket"));
    }

    private static String counted(int number, String what) {
        return number == 1 ? "1 " + what : number + " " + what + "s";
    }
}
