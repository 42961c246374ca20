package io.grandstand.quiz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rules of the game written a second time, in one thread and without Kafka, from the input as
/// it stands in the topics: first what became of each question, then what each player's answers are
/// worth. Shares no code with the game, its records included.
final class Reference {
    private static final JsonMapper JSON = new JsonMapper();

    /// By match and question.
    final Map<String, Asked> questions = new TreeMap<>();

    /// By match and player: what is not all zero.
    final Map<String, Figures> figures = new TreeMap<>();

    /// By match and question, then option; questions that are not void.
    final Map<String, Map<String, Long>> votes = new TreeMap<>();

    /// A question as it ends.
    static final class Asked {
        String state = "";
        int version;
        long locksAt;
        long endsAt;
        @Nullable String answer;
        JsonNode content = JSON.nullNode();

        long opensAt() {
            return content.path("opensAt").asLong();
        }

        @Nullable String season() {
            JsonNode season = content.path("terms").path("season");
            return season.isMissingNode() ? null : season.asText();
        }

        boolean isSettled() {
            return state.equals("resolved") || state.equals("corrected");
        }

        private boolean isPublic() {
            return !state.isEmpty() && !state.equals("draft") && !state.equals("scheduled");
        }

        private boolean hasOption(String option) {
            for (JsonNode each : content.path("options")) {
                if (each.path("id").asText().equals(option)) {
                    return true;
                }
            }
            return false;
        }

        private long capMs() {
            return content.path("terms").path("delays").path("capMs").asLong(0);
        }
    }

    /// What a player has done in a match.
    record Figures(
            long points, int answered, int correct, int streak, int longest, long answerMs) {}

    /// An answer on time.
    private record Given(String option, long answerMs) {}

    /// @param commands in the order in which they were read
    /// @param answers each player's in the order of the log
    static Reference of(List<Raw> commands, List<Raw> answers) {
        var reference = new Reference();
        commands.forEach(reference::command);
        reference.answers(answers);
        return reference;
    }

    /// Points of each player of each match, those with none left out.
    Map<String, Long> points() {
        var points = new TreeMap<String, Long>();
        figures.forEach((of, each) -> {
            if (each.points() != 0) {
                points.put(of, each.points());
            }
        });
        return points;
    }

    private void command(Raw raw) {
        JsonNode command = object(raw.value());
        if (command == null || raw.key() == null) {
            return;
        }
        String match = command.path("match").asText();
        if (!new String(raw.key(), StandardCharsets.UTF_8).equals(match)) {
            return;
        }
        String id = match + " " + command.path("question").asText();
        String kind = command.path("kind").asText();
        if (kind.equals("ask")) {
            if (isContent(command)) {
                ask(questions.computeIfAbsent(id, _ -> new Asked()), command);
            }
            return;
        }
        Asked question = questions.get(id);
        if (question == null || question.state.equals("void")) {
            return;
        }
        switch (kind) {
            case "lock" -> lock(question, command.path("at").asLong());
            case "resolve" -> resolve(question, command);
            case "void" -> {
                question.state = "void";
                question.version++;
                question.answer = null;
            }
            default -> {}
        }
    }

    private static boolean isContent(JsonNode ask) {
        return ask.path("options").size() >= 2
                && ask.path("points").asInt() >= 1
                && ask.path("opensAt").asLong() > 0
                && ask.path("locksAt").asLong() > ask.path("opensAt").asLong();
    }

    private static void ask(Asked question, JsonNode ask) {
        String asked = ask.path("opens").asText("open");
        List<String> order = List.of("", "draft", "scheduled", "open");
        if (question.isPublic() || order.indexOf(asked) < order.indexOf(question.state)) {
            return;
        }
        if (asked.equals(question.state) && ask.equals(question.content)) {
            return;
        }
        question.state = asked;
        question.version++;
        question.content = ask;
        question.locksAt = ask.path("locksAt").asLong();
        question.endsAt = question.locksAt + question.capMs();
    }

    private static void lock(Asked question, long at) {
        if (question.state.equals("open")) {
            question.state = "locked";
            question.version++;
            question.endsAt = Math.max(question.opensAt() + 1, Math.min(question.endsAt, at));
            question.locksAt = Math.min(question.locksAt, question.endsAt);
        }
    }

    private static void resolve(Asked question, JsonNode command) {
        String answer = command.path("answer").asText();
        if (!question.isPublic() || !question.hasOption(answer)) {
            return;
        }
        lock(question, command.path("at").asLong());
        if (!answer.equals(question.answer)) {
            question.state = question.answer == null ? "resolved" : "corrected";
            question.version++;
            question.answer = answer;
        }
    }

    private void answers(List<Raw> answers) {
        var given = new HashMap<String, Map<String, Given>>();
        var players = new HashSet<String>();
        for (Raw raw : answers) {
            JsonNode answer = object(raw.value());
            if (answer == null || raw.key() == null || !isAnswer(answer)) {
                continue;
            }
            String player = new String(raw.key(), StandardCharsets.UTF_8);
            String id = answer.path("match").asText() + " " + answer.path("question").asText();
            Asked question = questions.get(id);
            String option = answer.path("option").asText();
            if (question != null && question.isPublic() && question.hasOption(option)) {
                Long answerMs = answerMs(question, received(raw), answer.path("delayMs"));
                if (answerMs != null) {
                    players.add(player);
                    Map<String, Given> own = given.computeIfAbsent(id, _ -> new LinkedHashMap<>());
                    Given before = own.get(player);
                    boolean lastCounts =
                            question.content.path("terms").path("answers").asText().equals("last");
                    if (before == null || (lastCounts && !before.option().equals(option))) {
                        own.put(player, new Given(option, answerMs));
                    }
                }
            }
        }
        count(given);
        for (String player : players) {
            score(player, given);
        }
    }

    private static boolean isAnswer(JsonNode answer) {
        JsonNode delay = answer.path("delayMs");
        return answer.path("match").isTextual()
                && answer.path("question").isTextual()
                && answer.path("option").isTextual()
                && (delay.isMissingNode()
                        || delay.isNull()
                        || (delay.isIntegralNumber() && delay.canConvertToLong()));
    }

    private static long received(Raw raw) {
        String header = raw.receivedUs();
        return header == null || !header.matches("[0-9]{1,18}")
                ? raw.timestamp()
                : Long.parseLong(header) / 1000;
    }

    /// How long the answer took; null if it is not on time.
    private static @Nullable Long answerMs(Asked question, long received, JsonNode claimed) {
        long delay = Math.max(0, Math.min(question.capMs(), claimed.asLong(0)));
        if (received < question.opensAt() + delay) {
            delay = 0;
        }
        boolean onTime =
                received >= question.opensAt()
                        && received <= question.locksAt + delay
                        && received <= Math.max(question.locksAt, question.endsAt);
        return onTime ? received - question.opensAt() - delay : null;
    }

    private void count(Map<String, Map<String, Given>> given) {
        given.forEach((id, own) -> {
            if (!question(id).state.equals("void")) {
                var counts = new TreeMap<String, Long>();
                own.values().forEach(each -> counts.merge(each.option(), 1L, Long::sum));
                votes.put(id, counts);
            }
        });
    }

    private Asked question(String id) {
        Asked question = questions.get(id);
        if (question == null) {
            throw new AssertionError(id);
        }
        return question;
    }

    private void score(String player, Map<String, Map<String, Given>> given) {
        var byMatch = new TreeMap<String, List<String>>();
        given.forEach((id, own) -> {
            if (own.containsKey(player) && question(id).isSettled()) {
                byMatch.computeIfAbsent(id.substring(0, id.indexOf(' ')), _ -> new ArrayList<>())
                        .add(id);
            }
        });
        byMatch.forEach((match, ids) -> {
            ids.sort(
                    Comparator.comparingLong((String id) -> question(id).opensAt())
                            .thenComparing(Comparator.naturalOrder()));
            long points = 0;
            int correct = 0;
            int streak = 0;
            int longest = 0;
            long answerMs = 0;
            for (String id : ids) {
                Given own = given.getOrDefault(id, Map.of()).get(player);
                if (own == null) {
                    throw new AssertionError(id);
                }
                Asked question = question(id);
                answerMs += own.answerMs();
                if (own.option().equals(question.answer)) {
                    correct++;
                    streak++;
                    longest = Math.max(longest, streak);
                    points += worth(question, own.answerMs()) + bonus(question, streak);
                } else {
                    streak = 0;
                }
            }
            figures.put(
                    match + " " + player,
                    new Figures(points, ids.size(), correct, streak, longest, answerMs));
        });
    }

    private static long worth(Asked question, long answerMs) {
        long points = question.content.path("points").asLong();
        JsonNode speed = question.content.path("terms").path("speed");
        if (speed.isMissingNode()) {
            return points;
        }
        long floor = speed.path("floor").asLong();
        long overMs = speed.path("overMs").asLong();
        return answerMs >= overMs ? floor : points - (points - floor) * answerMs / overMs;
    }

    private static long bonus(Asked question, int streak) {
        JsonNode rule = question.content.path("terms").path("streak");
        return rule.isMissingNode()
                ? 0
                : Math.min(rule.path("max").asLong(), rule.path("bonus").asLong() * (streak - 1L));
    }

    private static @Nullable JsonNode object(byte @Nullable [] json) {
        try {
            JsonNode node = json == null ? null : JSON.readTree(json);
            return node == null || !node.isObject() ? null : node;
        } catch (IOException broken) {
            return null;
        }
    }

    boolean isVoid(String id) {
        return question(id).state.equals("void");
    }
}
