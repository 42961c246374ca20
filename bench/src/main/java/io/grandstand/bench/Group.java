package io.grandstand.bench;

import io.grandstand.bench.RunResult.Checks;
import io.grandstand.protocol.Codec;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The clients of one worker that do the same at the same server. Confined to the event loop.
// Scheduled tasks run as long as the loop.
@SuppressWarnings("FutureReturnValueIgnored")
final class Group {
    /// Before a client's index, the id of the player behind it.
    static final String PLAYER = "p";

    /// How many handshakes may be under way: more only wait in the server's queue.
    private static final int OPENING_MAX = 100;

    /// More than can be outstanding in a saturated run.
    private static final int OUTSTANDING_MAX = 1_024;

    /// The published SDKs come back after half a second and a random time, which doubles at most
    /// with every attempt, up to twenty seconds.
    private static final long BACKOFF_MS_MIN = 500;

    private static final long BACKOFF_MS_MAX = 20_000;

    private final WorkerCommand.Open open;
    private final EventLoop loop;
    private final Connector connector;
    private final Consumer<WorkerEvent> events;
    private final Codec codec;
    private final Scanner scanner;
    private final Scanner.Push push = new Scanner.Push();
    private final Tokens tokens;
    private final SplittableRandom random;
    private final Client[] clients;

    private int opened;
    private int readyCount;
    private int readyMost;
    private Counts counts = new Counts(0);

    /// New messages of all clients in all windows.
    private long delivered;

    private long unexpectedCloses;

    /// When the messages that were read last had come.
    private long nowNs;

    private boolean tellsLowest;

    /// Of each message outstanding, by its number modulo the length, how many clients have it.
    private final int[] have = new int[OUTSTANDING_MAX];

    /// What publishing clients do in this window; null where somebody else sends.
    private @Nullable Schedule publishing;

    private long publishedBefore;

    private long published;

    /// The end of the window, once it was announced.
    private WorkerCommand.@Nullable End end;

    private long endDeliveries;

    private int lostTheirServer;
    private int back;
    private int unrecovered;
    private long backNs;
    private long completeNs;

    /// A group of clients that will connect.
    ///
    /// @param bootstrap how sockets are made, on `loop`, but for the handler
    /// @param events told what the orchestrator should know
    Group(
            WorkerCommand.Open open,
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
                        open.encrypted(),
                        new ClientSocket.Scratch());
        this.events = events;
        this.codec = open.protobuf() ? Codec.PROTOBUF : Codec.JSON;
        this.scanner = open.protobuf() ? new ProtobufScanner() : new JsonScanner();
        this.tokens = new Tokens(open.secret());
        this.random = new SplittableRandom(open.first());
        this.clients = new Client[open.count()];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new Client(this, open.first() + i);
        }
    }

    /// Connects the clients, some at a time.
    void open() {
        while (opened < clients.length && opened - readyMost < OPENING_MAX) {
            connect(clients[opened++], open.port());
        }
    }

    /// A window begins.
    void begin(WorkerCommand.Begin begin) {
        counts = new Counts(begin.startNs());
        tellsLowest = begin.tellLowest();
        end = null;
        publishing = null;
        events.accept(new WorkerEvent.Begun(open.group()));
    }

    /// The clients publish by a schedule, beginning with the number after those published before.
    void publish(WorkerCommand.Publish command) {
        publishing = command.schedule();
        publishedBefore = published;
        published += command.schedule().count();
        publishDue(command.schedule(), 0);
    }

    /// Publishes what is due; message `k` of the schedule is for the client whose turn it is, and
    /// published by the one before it.
    private void publishDue(Schedule schedule, long from) {
        long due = schedule.dueBy(System.nanoTime());
        for (long k = from; k < due; k++) {
            long number = publishedBefore + k;
            int to = (int) (number % clients.length);
            byte[] data = Payload.of(number / clients.length, schedule.dueNs(k), open.size());
            Client publisher = clients[(to + clients.length - 1) % clients.length];
            publisher.publish(number, channel(clients[to].index), data);
        }
        if (due < schedule.count()) {
            long waitNs = Math.max(Schedule.TICK_NS / 2, schedule.dueNs(due) - System.nanoTime());
            loop.schedule(() -> publishDue(schedule, due), waitNs, TimeUnit.NANOSECONDS);
        }
    }

    /// Nothing more is sent.
    void end(WorkerCommand.End command) {
        end = command;
        endDeliveries =
                open.spread()
                        .deliveries(command.sent(), open.first(), open.count(), open.clients());
        if (!endIfComplete(command)) {
            loop.schedule(
                    () -> {
                        if (command.equals(end)) {
                            tellEnded(command);
                        }
                    },
                    command.waitMs(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private boolean endIfComplete(WorkerCommand.End command) {
        boolean isComplete =
                delivered >= endDeliveries
                        && (publishing == null || counts.acknowledgedCount() >= publishing.count())
                        && back >= lostTheirServer;
        if (isComplete) {
            tellEnded(command);
        }
        return isComplete;
    }

    private void tellEnded(WorkerCommand.End command) {
        end = null;
        if (publishing != null && counts.acknowledgedCount() < publishing.count()) {
            problem(
                    "%d of %d publishes were acknowledged"
                            .formatted(counts.acknowledgedCount(), publishing.count()));
        }
        events.accept(
                new WorkerEvent.Ended(
                        open.group(),
                        counts.deliveries(),
                        counts.lastNs(),
                        counts.latency(),
                        publishing == null ? null : counts.acknowledged(),
                        checks(command.sent()),
                        counts.slots(),
                        counts.slotMaxUs(),
                        lostTheirServer == 0
                                ? null
                                : new WorkerEvent.Back(
                                        lostTheirServer,
                                        back,
                                        unrecovered,
                                        backNs,
                                        Math.max(backNs, completeNs))));
    }

    private Checks checks(long sent) {
        long lost = 0;
        long doubled = 0;
        long reordered = 0;
        for (Client client : clients) {
            SequenceCheck check = client.check;
            lost += check.lost(open.spread().share(sent, client.index, open.clients()));
            doubled += check.doubled();
            reordered += check.reordered();
        }
        return new Checks(lost, doubled, reordered, unexpectedCloses);
    }

    // What the clients ask and tell.

    boolean isProtobuf() {
        return open.protobuf();
    }

    Codec codec() {
        return codec;
    }

    int size() {
        return open.size();
    }

    String token(int index) {
        return tokens.of(player(index));
    }

    /// The player behind a client; also the key of their own channel.
    static String player(int index) {
        return PLAYER + index;
    }

    String channel(int index) {
        return open.channel().replace("%d", Integer.toString(index));
    }

    void scan(byte[] bytes, int from, int to, Client client) {
        nowNs = System.nanoTime();
        scanner.scan(bytes, from, to, push, client);
    }

    void delivered(Client client, long sequence, long intendedNs) {
        delivered++;
        counts.delivered(intendedNs, nowNs);
        if (intendedNs < client.backNs()) {
            completeNs = nowNs;
        }
        if (tellsLowest) {
            tellLowest(sequence);
        }
        if (end != null && delivered >= endDeliveries) {
            endIfComplete(end);
        }
    }

    /// Messages come to each client in order, so that a message which all have comes after others
    /// which all have.
    private void tellLowest(long sequence) {
        int at = (int) (sequence % OUTSTANDING_MAX);
        if (++have[at] == clients.length) {
            have[at] = 0;
            events.accept(new WorkerEvent.Lowest(open.group(), sequence + 1));
        }
    }

    void acknowledged(long number) {
        Schedule schedule = publishing;
        long k = number - publishedBefore;
        if (schedule == null || k < 0 || k >= schedule.count()) {
            throw new MalformedException("an answer to a publish that was not made: " + k);
        }
        counts.acknowledged(schedule.dueNs(k), System.nanoTime());
        if (end != null) {
            endIfComplete(end);
        }
    }

    void ready(Client client, boolean isBack) {
        readyCount++;
        if (isBack) {
            back++;
            backNs = client.backNs();
            if (end != null) {
                endIfComplete(end);
            }
            return;
        }
        readyMost = Math.max(readyMost, readyCount);
        if (!open.reads()) {
            client.stopReading();
        }
        if (readyCount == clients.length) {
            events.accept(new WorkerEvent.Opened(open.group(), readyCount));
        } else {
            open();
        }
    }

    /// A client's connection ended, or did not come about.
    void closed(Client client, boolean wasReady, String why) {
        if (wasReady) {
            readyCount--;
        }
        if (open.fallbackPort() > 0) {
            lostTheirServer += wasReady ? 1 : 0;
            reconnectLater(client);
        } else if (open.reads()) {
            unexpectedCloses++;
            problem("client %d lost its connection: %s".formatted(client.index, why));
        }
    }

    void unrecovered() {
        unrecovered++;
        problem("a client was told that what it missed is gone");
    }

    void problem(String sentence) {
        events.accept(new WorkerEvent.Problem(open.group(), sentence));
    }

    private void reconnectLater(Client client) {
        int attempt = Math.min(10, client.nextAttempt());
        long reachMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN << attempt);
        long delayMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN + random.nextLong(reachMs));
        loop.schedule(() -> connect(client, open.fallbackPort()), delayMs, TimeUnit.MILLISECONDS);
    }

    private void connect(Client client, int port) {
        connector.connect(client, port, client.path());
    }
}
