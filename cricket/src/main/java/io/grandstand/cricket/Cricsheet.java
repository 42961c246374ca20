package io.grandstand.cricket;

import io.grandstand.events.Ball.Extras;
import io.grandstand.events.Ball.Wicket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a match in Cricsheet's JSON form (cricsheet.org, data versions 1.x).
///
/// What a ball needs is checked to the letter; what nobody here uses (officials, reviews,
/// replacements, registry) may be there or not.
public final class Cricsheet {
    private static final int TITLE_LENGTH_MAX = 200;
    private static final int OVERS_MAX = 1_000;

    private Cricsheet() {}

    /// The match in this file, paced like a real one: Cricsheet has no times of balls, so they are
    /// drawn, the same ones for the same file name.
    ///
    /// @throws MatchFileException naming file, place and reason
    public static MatchScript read(Path file) throws MatchFileException {
        Match match = match(Place.parse(file, "", Place.readText(file)));
        return new Tempo(match.id().hashCode()).script(match);
    }

    static Match match(Place file) throws MatchFileException {
        var info = file.need("info");
        var teams = new ArrayList<String>();
        for (var team : info.need("teams").items()) {
            teams.add(team.text());
        }
        int ballsPerOver = info.integerOr("balls_per_over", 6, 1, 20);
        int oversMax = info.integerOr("overs", 0, 0, OVERS_MAX);
        var outcome = info.need("outcome");
        var innings = innings(file, ballsPerOver, oversMax);
        return new Match(
                MatchId.of(file.file()),
                title(info, teams),
                teams,
                ballsPerOver,
                innings,
                "no result".equals(outcome.textOrNull("result")),
                result(outcome));
    }

    private static List<Innings> innings(Place file, int ballsPerOver, int oversMax)
            throws MatchFileException {
        var all = new ArrayList<Innings>();
        int superOvers = 0;
        for (var place : file.need("innings").items()) {
            boolean superOver = place.flagOrFalse("super_over");
            Integer target = null;
            Integer ballsMax = oversMax == 0 ? null : Integer.valueOf(oversMax * ballsPerOver);
            if (superOver) {
                // Cricsheet gives no target for a super over; its second side chases the first.
                ballsMax = ballsPerOver;
                target = superOvers % 2 == 0 ? null : Integer.valueOf(all.getLast().runs() + 1);
                superOvers++;
            }
            var given = place.get("target");
            if (given != null) {
                target = given.need("runs").integer(1, 10_000);
                var overs = given.get("overs");
                ballsMax = overs == null ? ballsMax : balls(overs, ballsPerOver);
            }
            var penalty = place.get("penalty_runs");
            all.add(
                    new Innings(
                            place.need("team").text(),
                            superOver,
                            target,
                            ballsMax,
                            penalty == null ? 0 : penalty.integerOr("pre", 0, 0, 1000),
                            penalty == null ? 0 : penalty.integerOr("post", 0, 0, 1000),
                            deliveries(place)));
        }
        if (all.stream().allMatch(one -> one.deliveries().isEmpty())) {
            throw new MatchFileException(
                    file.file(), "innings", "hold no delivery: there is nothing to play");
        }
        return all;
    }

    /// Overs of a target as legal balls: `15`, or `7.3` for seven overs and three balls.
    private static Integer balls(Place overs, int ballsPerOver) throws MatchFileException {
        double number = overs.value().doubleValue();
        if (!overs.value().isNumber() || !(number >= 0 && number <= OVERS_MAX)) {
            throw overs.wrong("a number of overs, 0 to " + OVERS_MAX);
        }
        int full = (int) number;
        return full * ballsPerOver + (int) Math.round((number - full) * 10);
    }

    private static List<Delivery> deliveries(Place innings) throws MatchFileException {
        // A forfeited innings has no overs; any other must have them.
        var overs =
                innings.flagOrFalse("forfeited")
                        ? innings.itemsOrNone("overs")
                        : innings.need("overs").items();
        var deliveries = new ArrayList<Delivery>();
        for (var over : overs) {
            int number = over.need("over").integer(0, 10_000);
            int ball = 0;
            for (var delivery : over.need("deliveries").items()) {
                ball++;
                deliveries.add(delivery(delivery, number, ball));
            }
        }
        return deliveries;
    }

    private static Delivery delivery(Place place, int over, int ball) throws MatchFileException {
        var runs = place.need("runs");
        int batterRuns = runs.need("batter").integer(0, 100);
        var delivery =
                new Delivery(
                        over,
                        ball,
                        place.need("batter").text(),
                        place.textOrNull("non_striker"),
                        place.need("bowler").text(),
                        batterRuns,
                        !runs.flagOrFalse("non_boundary"),
                        extras(place.get("extras")),
                        wickets(place));
        int total = runs.need("total").integer(0, 100);
        if (total != delivery.runs()) {
            throw new MatchFileException(
                    place.file(),
                    runs.path() + ".total",
                    "is %d: must be the sum of batter and extras, %d"
                            .formatted(total, delivery.runs()));
        }
        return delivery;
    }

    private static Extras extras(@Nullable Place extras) throws MatchFileException {
        return extras == null
                ? Extras.NONE
                : new Extras(
                        extras.integerOr("wides", 0, 0, 100),
                        extras.integerOr("noballs", 0, 0, 100),
                        extras.integerOr("byes", 0, 0, 100),
                        extras.integerOr("legbyes", 0, 0, 100),
                        extras.integerOr("penalty", 0, 0, 100));
    }

    private static List<Wicket> wickets(Place delivery) throws MatchFileException {
        var wickets = new ArrayList<Wicket>(1);
        for (var wicket : delivery.itemsOrNone("wickets")) {
            wickets.add(new Wicket(wicket.need("kind").text(), wicket.need("player_out").text()));
        }
        return wickets;
    }

    private static String title(Place info, List<String> teams) throws MatchFileException {
        var title = new StringBuilder(String.join(" v ", teams));
        var event = info.get("event");
        if (event != null) {
            title.append(", ").append(event.need("name").text());
            var stage = event.get("stage");
            if (stage != null) {
                title.append(", ").append(stage.text());
            }
        }
        var dates = info.itemsOrNone("dates");
        if (!dates.isEmpty()) {
            title.append(", ").append(dates.getFirst().text());
        }
        return title.substring(0, Math.min(title.length(), TITLE_LENGTH_MAX));
    }

    private static String result(Place outcome) throws MatchFileException {
        String method = outcome.textOrNull("method");
        String winner = outcome.textOrNull("winner");
        if ("Awarded".equals(method) && winner != null) {
            return "Match awarded to " + winner;
        }
        String sentence =
                winner != null ? winner + " won" + margin(outcome.get("by")) : noWinner(outcome);
        return method == null ? sentence : "%s (%s)".formatted(sentence, method);
    }

    private static String margin(@Nullable Place by) throws MatchFileException {
        if (by == null) {
            return "";
        }
        String innings = by.get("innings") == null ? "" : "an innings and ";
        if (by.get("runs") != null) {
            return " by " + innings + counted(by.need("runs").integer(0, 10_000), "run");
        }
        return by.get("wickets") == null
                ? ""
                : " by " + counted(by.need("wickets").integer(0, 100), "wicket");
    }

    private static String noWinner(Place outcome) throws MatchFileException {
        String result = outcome.need("result").text();
        String eliminator = outcome.textOrNull("eliminator");
        String bowlOut = outcome.textOrNull("bowl_out");
        return switch (result) {
            case "no result" -> "No result";
            case "draw" -> "Match drawn";
            case "tie" ->
                    eliminator != null
                            ? "Match tied, %s won the super over".formatted(eliminator)
                            : bowlOut != null
                                    ? "Match tied, %s won the bowl-out".formatted(bowlOut)
                                    : "Match tied";
            default -> result;
        };
    }

    private static String counted(int number, String what) {
        return number == 1 ? "1 " + what : number + " " + what + "s";
    }
}
