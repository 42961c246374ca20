package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grandstand.protocol.TrustedHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// The game's rules written a second time, in one thread, from the recorded input alone: the
/// commands and the answers as they stand in Kafka. Shares no code with the game.
final class Reference {
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Asked> asked = new LinkedHashMap<>();

    /// match, then player, then points; who answered counts, also with 0.
    private final Map<String, Map<String, Long>> boards = new TreeMap<>();

    private int counted;

    private static final class Asked {
        final String match;
        final Set<String> options = new HashSet<>();
        final long opensAt;
        final int points;
        long locksAt;
        @Nullable String answer;
        boolean isVoid;

        Asked(JsonNode ask) {
            match = ask.path("match").asText();
            ask.path("options").forEach(option -> options.add(option.path("id").asText()));
            opensAt = ask.path("opensAt").asLong();
            locksAt = ask.path("locksAt").asLong();
            points = ask.path("points").asInt();
        }
    }

    static Reference of(TestCluster cluster) throws Exception {
        var reference = new Reference();
        for (var command : cluster.readAll("question-command")) {
            reference.command(JSON.readTree(command.value()));
        }
        var answered = new HashSet<String>();
        for (var answer : cluster.readAll("answer")) {
            reference.answer(answer, answered);
        }
        return reference;
    }

    /// How many answers counted.
    int counted() {
        return counted;
    }

    List<String> matches() {
        return List.copyOf(boards.keySet());
    }

    /// Points of every player on a match's board.
    Map<String, Long> points(String match) {
        return boards.getOrDefault(match, Map.of());
    }

    /// 1 + the number of players with more points.
    Map<String, Long> ranks(String match) {
        var ranks = new HashMap<String, Long>();
        Map<String, Long> points = points(match);
        points.forEach((player, own) ->
                ranks.put(
                        player, 1 + points.values().stream().filter(other -> other > own).count()));
        return ranks;
    }

    /// The best ten as `rank player score`, ties in order of player ids.
    List<String> top(String match) {
        var rows = new ArrayList<>(points(match).entrySet());
        rows.sort(
                Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()));
        Map<String, Long> ranks = ranks(match);
        return rows.stream()
                .limit(10)
                .map(row -> ranks.get(row.getKey()) + " " + row.getKey() + " " + row.getValue())
                .toList();
    }

    private void command(JsonNode command) {
        String id = command.path("question").asText();
        String kind = command.path("kind").asText();
        if (kind.equals("ask")) {
            asked.putIfAbsent(id, new Asked(command));
            return;
        }
        Asked question = asked.get(id);
        assertThat(question).describedAs("the question of " + command).isNotNull();
        switch (kind) {
            case "lock" -> lock(question, command.path("at").asLong());
            case "resolve" -> {
                lock(question, command.path("at").asLong());
                question.answer = command.path("answer").asText();
            }
            case "void" -> question.isVoid = true;
            default -> throw new AssertionError("what is " + command);
        }
    }

    private static void lock(Asked question, long at) {
        if (question.answer == null) {
            question.locksAt = Math.min(question.locksAt, at);
        }
    }

    private void answer(
            ConsumerRecord<@Nullable String, @Nullable String> message, Set<String> answered)
            throws Exception {
        JsonNode answer = JSON.readTree(message.value());
        Asked question = asked.get(answer.path("question").asText());
        String option = answer.path("option").asText();
        long receivedAt = receivedMs(message);
        if (question == null
                || question.isVoid
                || question.answer == null
                || !question.options.contains(option)
                || receivedAt < question.opensAt
                || receivedAt > question.locksAt
                || !answered.add(message.key() + " " + answer.path("question").asText())) {
            return;
        }
        counted++;
        boards.computeIfAbsent(question.match, _ -> new TreeMap<>())
                .merge(
                        String.valueOf(message.key()),
                        option.equals(question.answer) ? (long) question.points : 0L,
                        Long::sum);
    }

    private static long receivedMs(ConsumerRecord<?, ?> message) {
        Header header = message.headers().lastHeader(TrustedHeaders.RECEIVED_US);
        return Long.parseLong(new String(header.value(), StandardCharsets.UTF_8)) / 1000;
    }
}
