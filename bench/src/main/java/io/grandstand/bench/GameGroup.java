package io.grandstand.bench;

import io.grandstand.bench.GameCounts.Kind;
import io.grandstand.bench.RunResult.Checks;
import io.grandstand.events.Answer;
import io.grandstand.events.Json;
import io.grandstand.events.Question;
import io.grandstand.events.TopRequest;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Command;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The players of one worker, all at the same gateway. Confined to the event loop.
// Scheduled tasks run as long as the loop.
@SuppressWarnings("FutureReturnValueIgnored")
final class GameGroup {
    /// How long before a question is asked the round before it is over, for what is counted.
    static final long ROUND_END_NS = 200_000_000;

    /// How many handshakes may be under way: more only wait in the server's queue.
    private static final int OPENING_MAX = 100;

    private static final int EXAMPLES_MAX = 5;

    /// How a thing that is due is packed: the microseconds, whether it asks for the leaderboard,
    /// and the player's place.
    private static final int PLACE_BITS = 17;

    private static final long TOP_BIT = 1L << PLACE_BITS;
    private static final int TIME_SHIFT = PLACE_BITS + 1;

    private final WorkerCommand.OpenGame open;
    private final EventLoop loop;
    private final Connector connector;
    private final Consumer<WorkerEvent> events;
    private final Codec codec;
    private final Scanner scanner;
    private final Scanner.Push push = new Scanner.Push();
    private final Tokens tokens;
    private final byte[] questionChannel;
    private final Player[] players;
    private final Map<Integer, byte[]> topRequests = new HashMap<>();
    private final Map<String, byte[]> answers = new HashMap<>();

    private int opened;
    private int readyCount;
    private @Nullable GamePlan plan;
    private GameCounts counts = new GameCounts(0);
    private int round;

    /// How many things players have still to be told, in all rounds.
    private long outstanding;

    private boolean isEnding;
    private long unexpectedCloses;

    /// When the messages that were read last had come.
    private long nowNs;

    /// The question that was seen last, and its bytes: all players see the same.
    private byte[] lastBytes = {};

    private @Nullable Seen last;

    /// A version of a question as players see it.
    ///
    /// @param round its round; -1 for a question that was not asked
    record Seen(int round, Question question) {}

    /// Players who will connect.
    ///
    /// @param bootstrap how sockets are made, on `loop`, but for the handler
    /// @param events told what the orchestrator should know
    GameGroup(
            WorkerCommand.OpenGame open,
            EventLoop loop,
            Bootstrap bootstrap,
            Consumer<WorkerEvent> events) {
        this.open = open;
        this.loop = loop;
        this.connector =
                new Connector(
                        bootstrap,
                        open.source(),
                        open.protobuf(),
                        false,
                        new ClientSocket.Scratch());
        this.events = events;
        this.codec = open.protobuf() ? Codec.PROTOBUF : Codec.JSON;
        this.scanner = open.protobuf() ? new ProtobufScanner() : new JsonScanner();
        this.tokens = new Tokens(open.secret());
        this.questionChannel = ("question:" + open.match()).getBytes(StandardCharsets.US_ASCII);
        this.players = new Player[open.players().size()];
        for (int i = 0; i < players.length; i++) {
            players[i] = new Player(this, open.players().get(i));
        }
    }

    /// Connects the players, some at a time.
    void open() {
        while (opened < players.length && opened - readyCount < OPENING_MAX) {
            connector.connect(players[opened++], open.port(), "/connection/websocket");
        }
    }

    /// The players play, from the plan's start on.
    void play(GamePlan played) {
        plan = played;
        for (Player player : players) {
            player.play(played);
            for (int i = 0; i < played.rounds(); i++) {
                outstanding += PlayerCheck.due(played, player.number, i);
            }
        }
        for (int i = 0; i < played.rounds(); i++) {
            int next = i;
            at(played.askNs(i) - ROUND_END_NS, () -> begin(next));
        }
    }

    private void begin(int next) {
        if (next > 0) {
            events.accept(counts.told(open.group(), round));
        }
        round = next;
        counts = new GameCounts(plan().askNs(next));
        sendDue(due(next), 0);
    }

    /// What players will send in a round, in the order of time.
    private long[] due(int of) {
        long[] due = new long[2 * players.length];
        int count = 0;
        for (int place = 0; place < players.length; place++) {
            int number = players[place].number;
            if (plan().answers(number, of)) {
                due[count++] = due(plan().answerNs(number, of), of) | place;
            }
            if (plan().asksTop(number, of)) {
                due[count++] = due(plan().topNs(number, of), of) | TOP_BIT | place;
            }
        }
        due = Arrays.copyOf(due, count);
        Arrays.sort(due);
        return due;
    }

    private long due(long atNs, int of) {
        return ((atNs - plan().askNs(of)) / 1_000) << TIME_SHIFT;
    }

    /// Sends what is due by now of the round that has begun.
    private void sendDue(long[] due, int from) {
        long beganNs = plan().askNs(round);
        long dueNs = System.nanoTime() - beganNs;
        int at = from;
        while (at < due.length && (due[at] >> TIME_SHIFT) * 1_000 <= dueNs) {
            Player player = players[(int) (due[at] & (TOP_BIT - 1))];
            counts.published();
            if ((due[at] & TOP_BIT) == 0) {
                player.answer(round);
            } else {
                player.askTop(round);
            }
            at++;
        }
        if (at < due.length) {
            int next = at;
            long waitNs = (due[at] >> TIME_SHIFT) * 1_000 - dueNs;
            loop.schedule(
                    () -> sendDue(due, next),
                    Math.max(Schedule.TICK_NS / 2, waitNs),
                    TimeUnit.NANOSECONDS);
        }
    }

    /// Nothing more is asked.
    void end(long waitMs) {
        isEnding = true;
        if (outstanding == 0) {
            tellEnded();
        } else {
            loop.schedule(this::tellEnded, waitMs, TimeUnit.MILLISECONDS);
        }
    }

    private void tellEnded() {
        if (!isEnding) {
            return;
        }
        isEnding = false;
        Checks checks = new Checks(0, 0, 0, unexpectedCloses);
        long early = 0;
        long behind = 0;
        long putOff = 0;
        long wrong = 0;
        var examples = new ArrayList<String>();
        for (Player player : players) {
            PlayerCheck check = player.check();
            checks = checks.plus(check.checks());
            early += check.early();
            behind += check.behind();
            putOff += check.putOff();
            wrong += check.wrong();
            String lost = check.firstLost();
            if (check.wrong() > 0 && examples.size() < EXAMPLES_MAX) {
                examples.add(check.firstWrong());
            }
            if (lost != null && examples.size() < EXAMPLES_MAX) {
                examples.add("lost of " + lost);
            }
        }
        events.accept(counts.told(open.group(), round));
        events.accept(
                new WorkerEvent.GameEnded(
                        open.group(), checks, early, behind, putOff, wrong, examples));
    }

    // What players ask and tell.

    Codec codec() {
        return codec;
    }

    String token(int number) {
        return tokens.of(Group.player(number));
    }

    byte[] questionChannel() {
        return questionChannel;
    }

    /// A request for the leaderboard, whose answer repeats the round's question.
    byte[] topRequest(int of) {
        return topRequests.computeIfAbsent(
                of,
                _ ->
                        Json.write(
                                new TopRequest(
                                        open.match(),
                                        null,
                                        GamePlan.question(of),
                                        null,
                                        null,
                                        null,
                                        null,
                                        null)));
    }

    /// The answer that a player gives.
    byte[] answer(int number, int of) {
        String question = GamePlan.question(of);
        String option = plan().option(number, of);
        return answers.computeIfAbsent(
                question + option, _ -> Json.write(new Answer(open.match(), question, option)));
    }

    /// The round of a question; -1 for one that was not asked.
    int round(String question) {
        return plan().round(question);
    }

    /// The question that a push holds.
    Seen question(Scanner.Push seen) {
        Seen known = last;
        if (known == null
                || !Arrays.equals(
                        seen.bytes, seen.dataFrom, seen.dataTo, lastBytes, 0, lastBytes.length)) {
            lastBytes = Arrays.copyOfRange(seen.bytes, seen.dataFrom, seen.dataTo);
            Question question = Json.read(lastBytes, Question.class);
            boolean isOurs = question.match().equals(open.match());
            known = new Seen(isOurs ? round(question.id()) : -1, question);
            last = known;
        }
        return known;
    }

    /// Commands as one frame.
    byte[] frame(List<Command> commands) {
        if (commands.size() == 1) {
            return codec.encode(commands.getFirst());
        }
        var frame = new ByteArrayOutputStream();
        for (Command command : commands) {
            if (!open.protobuf() && frame.size() > 0) {
                frame.write('\n');
            }
            frame.writeBytes(codec.encode(command));
        }
        return frame.toByteArray();
    }

    void scan(byte[] bytes, int from, int to, Player player) {
        nowNs = System.nanoTime();
        scanner.scan(bytes, from, to, push, player);
    }

    void questionCame(Seen seen, boolean isNew) {
        if (isNew) {
            long meantNs = plan().versionNs(seen.round(), seen.question().state());
            delivered(Kind.QUESTION, meantNs);
        }
    }

    void receiptCame(Player player, int of, boolean isNew) {
        if (isNew) {
            delivered(Kind.RECEIPT, plan().answerNs(player.number, of));
        }
    }

    void scoreCame(int of, boolean isNew) {
        if (isNew) {
            delivered(Kind.RESULT, plan().resolveNs(of));
        }
    }

    void topCame(Player player, int of, boolean isNew) {
        if (isNew) {
            delivered(Kind.TOP, plan().topNs(player.number, of));
        }
    }

    /// A player was asked to come back for the leaderboard.
    void putOff(Player player, int of, long waitMs) {
        loop.schedule(() -> player.askTopAgain(of), waitMs, TimeUnit.MILLISECONDS);
    }

    void answerAcknowledged(Player player, int of, boolean isNew) {
        if (isNew) {
            counts.acknowledged(plan().answerNs(player.number, of), nowNs);
            done();
        }
    }

    void topAcknowledged(Player player, int of, boolean isNew) {
        if (isNew) {
            counts.acknowledged(plan().topNs(player.number, of), nowNs);
            done();
        }
    }

    private void delivered(Kind kind, long meantNs) {
        counts.delivered(kind, meantNs, nowNs);
        done();
    }

    private void done() {
        outstanding--;
        if (outstanding == 0) {
            tellEnded();
        }
    }

    void ready() {
        readyCount++;
        if (readyCount == players.length) {
            events.accept(new WorkerEvent.Opened(open.group(), readyCount));
        } else {
            open();
        }
    }

    void closed(Player player, String why) {
        unexpectedCloses++;
        problem("player %d lost the connection: %s".formatted(player.number, why));
    }

    void problem(String sentence) {
        events.accept(new WorkerEvent.Problem(open.group(), sentence));
    }

    private GamePlan plan() {
        if (plan == null) {
            throw new MalformedException("a message before the game began");
        }
        return plan;
    }

    private void at(long dueNs, Runnable task) {
        loop.schedule(task, dueNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}
