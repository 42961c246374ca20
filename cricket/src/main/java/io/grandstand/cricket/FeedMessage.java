package io.grandstand.cricket;

import io.grandstand.events.Scoreboard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One message of a recorded live score feed (`op` `ccm`), as far as a game needs it. Every part
/// may be missing: a message tells what is new, not all there is.
///
/// @param at when it was published, ms since the epoch
/// @param fixtureStatus `PRE_MATCH`, `IN_RUNNING`, `FINISHED`
/// @param phase what play is doing: `MATCH_STABLE`, `BALL_IN_PROGRESS`, …
/// @param incidents the latest deliveries, oldest first; empty where the message has none
/// @param inningsEnd whether it says that an innings is over
/// @param squad the players it names
record FeedMessage(
        long at,
        @Nullable String title,
        @Nullable String fixtureStatus,
        @Nullable String phase,
        List<String> teams,
        Set<String> squad,
        @Nullable Stats stats,
        List<Incident> incidents,
        boolean inningsEnd) {

    static final String STABLE = "MATCH_STABLE";
    static final String BALL_IN_PROGRESS = "BALL_IN_PROGRESS";

    private static final Pattern OVERS = Pattern.compile("\\d{1,4}(\\.\\d{1,2})?");

    /// One delivery as the feed tells it.
    ///
    /// @param overs `17.4` is the fourth legal ball of the eighteenth over
    /// @param kind what happened
    /// @param value runs; of a wide or a no-ball those beyond the one
    /// @param time when, ms since the epoch; after an outage the feed stamps several alike
    /// @param player whom it concerns; null where the feed does not say or does not know
    record Incident(String overs, Kind kind, int value, long time, @Nullable String player) {

        boolean saysTheSame(Incident another) {
            return overs.equals(another.overs) && kind == another.kind && value == another.value;
        }

        boolean isLegal() {
            return kind != Kind.WIDE && kind != Kind.NO_BALL;
        }

        int over() {
            return Integer.parseInt(overs.substring(0, overs.indexOf('.')));
        }
    }

    /// What a delivery was.
    enum Kind {
        STRIKE,
        WIDE,
        NO_BALL,
        BYE,
        LEG_BYE,
        OUT
    }

    /// The feed's own account of the score.
    ///
    /// @param innings which one is under way, from 1
    /// @param batters the one on strike first
    record Stats(
            int innings,
            List<Line> lines,
            List<Scoreboard.Batter> batters,
            Scoreboard.@Nullable Bowler bowler) {}

    /// One innings in it.
    record Line(String team, int runs, int wickets, String overs) {}

    /// The messages of one line of the file.
    static List<FeedMessage> parse(Path file, int line, String json) throws MatchFileException {
        var root = Place.parse(file, "line " + line, json);
        String op = root.need("op").text();
        if (!op.equals("ccm")) {
            throw new MatchFileException(
                    file, "line " + line + ".op", "is '%s': must be ccm".formatted(op));
        }
        long at = root.need("pt").millis();
        var messages = new ArrayList<FeedMessage>(1);
        for (var change : root.itemsOrNone("cc")) {
            messages.add(message(at, change));
        }
        return messages;
    }

    private static FeedMessage message(long at, Place change) throws MatchFileException {
        var fixture = change.get("fixtureInfo");
        var teams = new ArrayList<String>(2);
        var squad = new HashSet<String>();
        for (String side : List.of("homeTeam", "awayTeam")) {
            var team = change.get(side);
            if (team != null) {
                teams.add(team.need("name").text());
                for (var player : team.itemsOrNone("players")) {
                    squad.add(player.need("name").text());
                }
            }
        }
        var stats = change.get("matchStats");
        var incidents = new ArrayList<Incident>();
        boolean inningsEnd = false;
        var wrapper = change.get("incidentListWrapper");
        if (wrapper != null) {
            var items = wrapper.need("incidentList").items();
            for (int i = items.size() - 1; i >= 0; i--) {
                inningsEnd |= items.get(i).need("incidentType").text().equals("INNING_END");
                addDelivery(items, i, incidents);
            }
        }
        return new FeedMessage(
                at,
                fixture == null ? null : fixture.textOrNull("eventDescription"),
                fixture == null ? null : fixture.textOrNull("fixtureStatus"),
                fixture == null ? null : fixture.textOrNull("eventStatus"),
                teams,
                squad,
                stats == null ? null : stats(stats),
                incidents,
                inningsEnd);
    }

    /// Adds the delivery at this index, if it is one.
    ///
    /// The feed tells runs completed before a run-out as an incident of unknown type beside the
    /// wicket, of the same ball and time; alone such an incident tells nothing.
    private static void addDelivery(List<Place> items, int i, List<Incident> to)
            throws MatchFileException {
        var item = items.get(i);
        var kind = kind(item.need("incidentType").text());
        if (kind == null) {
            return;
        }
        int value = value(item);
        if (kind == Kind.OUT) {
            for (var beside : items) {
                if (beside.need("incidentType").text().equals("UNKNOWN_INCIDENT")
                        && overs(beside).equals(overs(item))
                        && time(beside) == time(item)) {
                    value += value(beside);
                }
            }
        }
        String player = item.textOrNull("participantRef");
        to.add(
                new Incident(
                        overs(item), kind, value, time(item), "0".equals(player) ? null : player));
    }

    private static @Nullable Kind kind(String type) {
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(type)) {
                return kind;
            }
        }
        return null;
    }

    private static String overs(Place item) throws MatchFileException {
        var place = item.need("overs");
        String overs = place.text();
        if (!OVERS.matcher(overs).matches()) {
            throw place.wrong("overs and balls like 17.4");
        }
        return overs.contains(".") ? overs : overs + ".0";
    }

    private static long time(Place item) throws MatchFileException {
        return item.need("actualTime").millis();
    }

    private static int value(Place item) throws MatchFileException {
        var value = item.get("value");
        if (value == null) {
            return 0;
        }
        try {
            return Math.clamp(Integer.parseInt(value.value().asText()), 0, 100);
        } catch (NumberFormatException e) {
            throw value.wrong("a whole number");
        }
    }

    private static Stats stats(Place stats) throws MatchFileException {
        var lines = new ArrayList<Line>();
        for (var innings : stats.need("inningsStats").items()) {
            String team = innings.textOrNull("battingTeam");
            lines.add(
                    new Line(
                            team == null ? "0" : team,
                            innings.integerOr("inningsRuns", 0, 0, 10_000),
                            innings.integerOr("inningsWickets", 0, 0, 100),
                            overs(innings, "inningsOvers")));
        }
        return new Stats(
                stats.need("currentInnings").integer(1, 100),
                lines,
                batters(stats.get("battingTeamStats")),
                bowler(stats.get("bowlingTeamStats")));
    }

    private static List<Scoreboard.Batter> batters(@Nullable Place team) throws MatchFileException {
        var batters = new ArrayList<Scoreboard.Batter>(2);
        for (String who : team == null ? List.<String>of() : List.of("bat1", "bat2")) {
            String name = team == null ? null : team.textOrNull(who + "Name");
            if (team != null && name != null && !name.equals("0")) {
                var batter =
                        new Scoreboard.Batter(
                                name,
                                team.integerOr(who + "Runs", 0, 0, 10_000),
                                team.integerOr(who + "Balls", 0, 0, 10_000));
                boolean onStrike = team.integerOr(who + "Strike", 0, 0, 1) == 1;
                batters.add(onStrike ? 0 : batters.size(), batter);
            }
        }
        return batters;
    }

    private static Scoreboard.@Nullable Bowler bowler(@Nullable Place team)
            throws MatchFileException {
        String name = team == null ? null : team.textOrNull("bowl1Name");
        return team == null || name == null || name.equals("0")
                ? null
                : new Scoreboard.Bowler(
                        name,
                        overs(team, "bowl1Overs"),
                        team.integerOr("bowl1Runs", 0, 0, 10_000),
                        team.integerOr("bowl1Wickets", 0, 0, 100));
    }

    private static String overs(Place of, String field) throws MatchFileException {
        String overs = of.textOrNull(field);
        return overs == null ? "0.0" : overs.contains(".") ? overs : overs + ".0";
    }
}
