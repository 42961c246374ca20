package io.grandstand.quiz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What feeds, hosts and players of several matches say, drawn from a seed: with every bad input
/// and every race that a live game knows. The commands of all matches, and the answers, each in the
/// order of their logs; how the two meet is not said here.
final class History {
    /// What clocks show when it begins, ms since the epoch.
    static final long START = 1_700_000_000_000L;

    private static final List<String> OPTIONS = List.of("dot", "four", "six");
    private static final Pattern NAMES =
            Pattern.compile("\"match\":\"(\\w+)\",\"question\":\"(\\w+)\"");
    private static final int MATCHES = 4;
    private static final long GAP_MS = 20_000;
    private static final long WINDOW_MS = 10_000;
    private static final int CAP_MS = 4_000;

    final List<Raw> commands = new ArrayList<>();
    final List<Raw> answers = new ArrayList<>();

    private final SplittableRandom random;
    private final int players;
    private final int questions;
    private final Map<String, Integer> nonsense = new LinkedHashMap<>();

    private History(long seed, int players, int questions) {
        this.random = new SplittableRandom(seed);
        this.players = players;
        this.questions = questions;
    }

    /// A history of some so many events.
    static History of(long seed, int events) {
        int questions = 12;
        // A question has some six commands, and a player some 1.2 answers to each.
        int players =
                Math.max(3, (events - MATCHES * questions * 6) * 5 / (MATCHES * questions * 6));
        var history = new History(seed, players, questions);
        history.draw();
        return history;
    }

    int events() {
        return commands.size() + answers.size();
    }

    private void draw() {
        var lives = new ArrayList<List<Raw>>();
        for (int match = 0; match < MATCHES; match++) {
            lives.add(match(match));
        }
        mix(lives, commands);
        for (int player = 0; player < players; player++) {
            int own = player;
            var given = new ArrayList<Raw>();
            for (int question = 0; question < questions; question++) {
                for (int match = 0; match < MATCHES; match++) {
                    answers(own, match, question, given);
                }
            }
            for (int i = 0; i < given.size() / 4; i++) {
                given.add(random.nextInt(given.size()), given.remove(random.nextInt(given.size())));
            }
            spoil(own, given);
            lives.add(given);
        }
        mix(lives, answers);
    }

    /// Takes from the lists at random, each in its own order.
    private void mix(List<List<Raw>> lists, List<Raw> into) {
        lists.removeIf(List::isEmpty);
        while (!lists.isEmpty()) {
            int next = random.nextInt(lists.size());
            into.add(lists.get(next).removeFirst());
            if (lists.get(next).isEmpty()) {
                lists.remove(next);
            }
        }
    }

    /// The commands of a match: questions overlap, are repeated after a restart of the feed, and
    /// corrected out of order.
    private List<Raw> match(int match) {
        var lives = new ArrayList<List<Raw>>();
        for (int question = 0; question < questions; question++) {
            lives.add(life(match, question));
        }
        var said = new ArrayList<Raw>();
        while (!lives.isEmpty()) {
            int next = random.nextInt(Math.min(3, lives.size()));
            said.add(lives.get(next).removeFirst());
            if (lives.get(next).isEmpty()) {
                lives.remove(next);
            }
            switch (random.nextInt(30)) {
                case 0, 1 -> said.add(said.get(random.nextInt(said.size())));
                case 2 -> {
                    int from = random.nextInt(said.size());
                    said.addAll(List.copyOf(said.subList(from, said.size())));
                }
                case 3 -> said.add(brokenCommand(match));
                default -> {}
            }
        }
        return said;
    }

    private List<Raw> life(int match, int question) {
        var life = new ArrayList<Raw>();
        if (random.nextInt(12) == 0) {
            life.add(resolve(match, question));
        }
        String terms = terms();
        switch (random.nextInt(6)) {
            case 0 -> {
                life.add(ask(match, question, terms(), "draft"));
                life.add(ask(match, question, terms, "draft"));
                life.add(resolve(match, question));
                life.add(ask(match, question, terms, null));
            }
            case 1 -> life.add(ask(match, question, terms, "scheduled"));
            case 2 -> {
                life.add(ask(match, question, terms, null));
                life.add(ask(match, question, terms(), null));
            }
            default -> life.add(ask(match, question, terms, null));
        }
        int steps = random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            life.add(
                    switch (random.nextInt(9)) {
                        case 0, 1, 2 -> lock(match, question);
                        case 3 ->
                                random.nextInt(4) == 0
                                        ? withdraw(match, question)
                                        : lock(match, question);
                        case 4 -> resolve(match, question, "seven");
                        default -> resolve(match, question);
                    });
        }
        return life;
    }

    private String terms() {
        var parts = new ArrayList<String>();
        if (random.nextInt(3) == 0) {
            parts.add("\"answers\":\"last\"");
        }
        if (random.nextInt(3) == 0) {
            parts.add("\"speed\":{\"floor\":3,\"overMs\":9000}");
        }
        if (random.nextInt(2) == 0) {
            parts.add("\"streak\":{\"bonus\":3,\"max\":20}");
        }
        if (random.nextInt(3) == 0) {
            parts.add("\"delays\":{\"policy\":\"lock\",\"capMs\":" + CAP_MS + "}");
        }
        if (random.nextInt(2) == 0) {
            parts.add("\"season\":\"s" + random.nextInt(2) + "\"");
        }
        return "{" + String.join(",", parts) + "}";
    }

    private Raw ask(int match, int question, String terms, @Nullable String opens) {
        long opensAt = opensAt(question);
        return command(
                match,
                """
                {"kind":"ask","match":"m%d","question":"q%d","prompt":"?","options":[\
                {"id":"dot","label":"Dot"},{"id":"four","label":"4"},{"id":"six","label":"6"}],\
                "points":%d,"opensAt":%d,"locksAt":%d,"terms":%s%s}\
                """
                        .formatted(
                                match,
                                question,
                                10 + question,
                                opensAt,
                                opensAt + WINDOW_MS,
                                terms,
                                opens == null ? "" : ",\"opens\":\"" + opens + "\""));
    }

    private Raw lock(int match, int question) {
        return command(
                match,
                "{\"kind\":\"lock\",\"match\":\"m%d\",\"question\":\"q%d\",\"at\":%d}"
                        .formatted(match, question, lockTime(match, question)));
    }

    /// A question has a few moments at which it may be locked, so that answers come a millisecond
    /// before and after.
    private long lockTime(int match, int question) {
        long opensAt = opensAt(question);
        return switch (random.nextInt(6)) {
            case 0 -> opensAt + WINDOW_MS;
            case 1 -> opensAt + WINDOW_MS + CAP_MS / 2;
            case 2 -> opensAt + WINDOW_MS + 60_000;
            case 3 -> opensAt - 5;
            default -> earlyLock(match, question);
        };
    }

    private static long earlyLock(int match, int question) {
        return opensAt(question) + 3_000 + 500L * match;
    }

    private Raw resolve(int match, int question) {
        return resolve(match, question, OPTIONS.get(random.nextInt(OPTIONS.size())));
    }

    private Raw resolve(int match, int question, String answer) {
        return command(
                match,
                "{\"kind\":\"resolve\",\"match\":\"m%d\",\"question\":\"q%d\",\"answer\":\"%s\",\"at\":%d}"
                        .formatted(match, question, answer, lockTime(match, question)));
    }

    private Raw withdraw(int match, int question) {
        return command(
                match,
                "{\"kind\":\"void\",\"match\":\"m%d\",\"question\":\"q%d\",\"reason\":\"rain\"}"
                        .formatted(match, question));
    }

    private Raw brokenCommand(int match) {
        return switch (random.nextInt(6)) {
            case 0 -> command(match, "{\"kind\":\"resolve\"");
            case 1 -> command(match, "{\"kind\":\"raffle\",\"match\":\"m%d\"}".formatted(match));
            case 2 -> new Raw(bytes("m" + match), null, null, START);
            case 3 -> new Raw(bytes("m9"), resolve(match, 0).value(), null, START);
            case 4 -> new Raw(null, resolve(match, 0).value(), null, START);
            default ->
                    command(
                            match,
                            "{\"kind\":\"lock\",\"match\":\"m%d\",\"question\":\"%s\",\"at\":1}"
                                    .formatted(match, "q".repeat(70)));
        };
    }

    private static Raw command(int match, String json) {
        return new Raw(bytes("m" + match), bytes(json), null, START);
    }

    /// One player's answers to one question: mostly one, or none; a second of another device, or
    /// the same frame again.
    private void answers(int player, int match, int question, List<Raw> given) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {}
            case 3 -> {
                Raw answer = answer(player, match, question);
                given.add(answer);
                given.add(answer);
            }
            case 4, 5 -> {
                given.add(answer(player, match, question));
                given.add(answer(player, match, question));
                given.add(answer(player, random.nextInt(MATCHES), question));
            }
            default -> given.add(answer(player, match, question));
        }
    }

    private Raw answer(int player, int match, int question) {
        String option = random.nextInt(15) == 0 ? "seven" : OPTIONS.get(random.nextInt(3));
        return answer(
                player,
                "{\"match\":\"m%d\",\"question\":\"q%d\",\"option\":\"%s\"%s}"
                        .formatted(match, question, option, delay()),
                receivedAt(match, question));
    }

    private String delay() {
        return switch (random.nextInt(12)) {
            case 0 -> ",\"delayMs\":1500";
            case 1 -> ",\"delayMs\":" + CAP_MS;
            case 2 -> ",\"delayMs\":600000";
            case 3 -> ",\"delayMs\":-5";
            case 4 -> ",\"delayMs\":" + Long.MAX_VALUE;
            case 5 -> ",\"delayMs\":null,\"at\":1,\"player\":\"p0\"";
            default -> "";
        };
    }

    private long receivedAt(int match, int question) {
        long opensAt = opensAt(question);
        long near = random.nextInt(3) - 1L;
        return switch (random.nextInt(8)) {
            case 0 -> opensAt + near;
            case 1 -> opensAt + WINDOW_MS + near;
            case 2 -> opensAt + WINDOW_MS + CAP_MS / 2 + near;
            case 3 -> opensAt + WINDOW_MS + CAP_MS + near;
            case 4 -> earlyLock(match, question) + near;
            default -> opensAt - 500 + random.nextInt((int) WINDOW_MS + CAP_MS + 1_000);
        };
    }

    /// What no honest client sends, anywhere among the others.
    private void spoil(int player, List<Raw> given) {
        while (random.nextInt(3) == 0) {
            Raw bad =
                    switch (random.nextInt(8)) {
                        case 0 -> answer(player, "", START);
                        case 1 ->
                                answer(
                                        player,
                                        "{\"match\":\"m0\",\"question\":7,\"option\":\"six\"}",
                                        START);
                        case 2 -> answer(player, "{\"match\":\"m0\",\"question\":\"q0\"}", START);
                        case 3 -> answer(player, "{\"x\":\"" + "x".repeat(20_000) + "\"}", START);
                        case 4 ->
                                answer(
                                        player,
                                        "{\"match\":\"m0\",\"question\":\"q0\",\"option\":\"six\",\"delayMs\":\"long\"}",
                                        START);
                        case 5 -> new Raw(null, answer(player, 0, 0).value(), null, START);
                        case 6 -> new Raw(bytes("p" + player), null, null, START);
                        default -> unknown(player);
                    };
            given.add(random.nextInt(given.size() + 1), bad);
        }
        if (random.nextInt(4) == 0 && !given.isEmpty()) {
            // A gateway without the header, or with a broken one: the record's own time decides.
            int index = random.nextInt(given.size());
            Raw before = given.get(index);
            long at = opensAt(random.nextInt(questions)) + 1_000;
            String header = random.nextBoolean() ? null : "soon";
            given.set(index, new Raw(before.key(), before.value(), header, at));
        }
    }

    /// An answer to no question. Few of them: they take the place of answers that are early.
    private Raw unknown(int player) {
        String question = nonsense.merge("p" + player, 1, Integer::sum) <= 2 ? "nonsense" : "";
        return answer(
                player,
                "{\"match\":\"m0\",\"question\":\"%s\",\"option\":\"six\"}".formatted(question),
                START);
    }

    private static Raw answer(int player, String json, long receivedAt) {
        return new Raw(
                bytes("p" + player), bytes(json), String.valueOf(receivedAt * 1_000 + 999), START);
    }

    private static long opensAt(int question) {
        return START + 10_000 + question * GAP_MS;
    }

    /// Match and question that an answer names; null for what is none.
    static @Nullable String questionOf(Raw answer) {
        byte[] value = answer.value();
        Matcher names =
                NAMES.matcher(value == null ? "" : new String(value, StandardCharsets.UTF_8));
        return names.find() ? names.group(1) + " " + names.group(2) : null;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
