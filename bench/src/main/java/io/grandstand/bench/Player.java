package io.grandstand.bench;

import io.grandstand.events.Json;
import io.grandstand.events.Result;
import io.grandstand.events.Top;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One player of a game and their connection. Confined to the event loop.
final class Player implements ClientSocket.Listener, Scanner.Sink {
    private static final long CONNECT_ID = 1;
    private static final int SUBSCRIPTIONS = 3;

    /// The answer of round `n` has the id `FIRST_PUBLISH_ID + 2n`, its request for the leaderboard
    /// the one after it.
    private static final long FIRST_PUBLISH_ID = 10;

    /// A request for the leaderboard that repeats one which was put off: whether it is acknowledged
    /// is not looked at, since its answer tells.
    private static final long AGAIN_ID = 9;

    final int number;
    private final GameGroup group;
    private final byte[] resultChannel;
    private final byte[] topChannel;
    private @Nullable ClientSocket socket;
    private @Nullable PlayerCheck check;
    private int subscribed;

    /// The round of the answer that waits for its question to be seen; -1 for none.
    private int waiting = -1;

    Player(GameGroup group, int number) {
        this.group = group;
        this.number = number;
        this.resultChannel = channel("result:");
        this.topChannel = channel("top:");
    }

    /// The game begins.
    void play(GamePlan plan) {
        check = new PlayerCheck(plan, number);
    }

    PlayerCheck check() {
        if (check == null) {
            throw new MalformedException("a message before the game began");
        }
        return check;
    }

    /// Answers the question of a round: now if it was seen, or else once it is.
    void answer(int round) {
        if (check().hasSeen(round)) {
            publish(answerId(round), name("answer:"), group.answer(number, round));
        } else {
            waiting = round;
        }
    }

    /// Asks for the leaderboard.
    void askTop(int round) {
        check().asks(round);
        publish(answerId(round) + 1, "gettop", group.topRequest(round));
    }

    /// Asks for the leaderboard once more.
    void askTopAgain(int round) {
        publish(AGAIN_ID, "gettop", group.topRequest(round));
    }

    @Override
    public void upgraded(ClientSocket upgraded) {
        socket = upgraded;
        String token = group.token(number);
        upgraded.send(
                group.frame(
                        List.of(
                                new Command(CONNECT_ID, Command.Connect.withToken(token)),
                                subscribe(CONNECT_ID + 1, group.questionChannel()),
                                subscribe(CONNECT_ID + 2, resultChannel),
                                subscribe(CONNECT_ID + 3, topChannel))));
    }

    private static Command subscribe(long id, byte[] channel) {
        return new Command(
                id, Command.Subscribe.to(new String(channel, StandardCharsets.US_ASCII)));
    }

    @Override
    public void message(byte[] bytes, int from, int to) {
        group.scan(bytes, from, to, this);
    }

    @Override
    public void push(Scanner.Push push) {
        if (isOn(push, resultChannel)) {
            result(Json.read(data(push), Result.class));
        } else if (isOn(push, group.questionChannel())) {
            question(group.question(push));
        } else if (isOn(push, topChannel)) {
            Top top = Json.read(data(push), Top.class);
            int round = top.request() == null ? -1 : group.round(top.request());
            boolean isNew = check().top(round, top);
            group.topCame(this, round, isNew);
            Long retryAfterMs = PlayerCheck.retryAfterMs(top);
            if (round >= 0 && retryAfterMs != null) {
                group.putOff(this, round, retryAfterMs);
            }
        } else {
            throw new MalformedException("a push on a channel that was not asked for");
        }
    }

    private void question(GameGroup.Seen seen) {
        int round = seen.round();
        boolean isNew = check().question(round, seen.question());
        group.questionCame(seen, isNew);
        if (waiting >= 0 && waiting == round && check().hasSeen(round)) {
            waiting = -1;
            answer(round);
        }
    }

    private void result(Result result) {
        switch (result) {
            case Result.Receipt receipt -> {
                int round = group.round(receipt.question());
                group.receiptCame(this, round, check().receipt(round, receipt));
            }
            case Result.Score score -> {
                int round = group.round(score.question());
                group.scoreCame(round, check().score(round, score));
            }
        }
    }

    @Override
    public void other(long id, byte[] bytes, int from, int to) {
        for (Message message : messages(bytes, from, to)) {
            if (message instanceof Message.Reply reply) {
                replied(reply);
            } else if (message instanceof Message.Push(_, Message.SubscriptionEnded ended)) {
                group.problem("player %d was unsubscribed: %s".formatted(number, ended));
            }
        }
    }

    private void replied(Message.Reply reply) {
        switch (reply.result()) {
            case Message.Connected _ -> {}
            case Message.Subscribed _ -> {
                if (++subscribed == SUBSCRIPTIONS) {
                    group.ready();
                }
            }
            case Message.Published _ -> {
                if (reply.id() != AGAIN_ID) {
                    published(Math.toIntExact(reply.id() - FIRST_PUBLISH_ID));
                }
            }
            default -> failed(reply);
        }
    }

    private void failed(Message.Reply reply) {
        if (check == null) {
            group.problem("player %d was answered %s".formatted(number, reply.result()));
        } else {
            check.failed(reply.result());
        }
    }

    private void published(int publish) {
        int round = publish / 2;
        if (publish % 2 == 0) {
            group.answerAcknowledged(this, round, check().answered(round));
        } else {
            group.topAcknowledged(this, round, check().topAccepted(round));
        }
    }

    @Override
    public void ping() {
        send(Command.PONG);
    }

    @Override
    public void closed(String why) {
        socket = null;
        group.closed(this, why);
    }

    private void publish(long id, String channel, byte[] data) {
        // Without a connection nothing is sent, which shows as lost.
        if (socket != null) {
            send(new Command(id, new Command.Publish(channel, data)));
        }
    }

    private void send(Command command) {
        if (socket != null) {
            socket.send(group.frame(List.of(command)));
        }
    }

    private static long answerId(int round) {
        return FIRST_PUBLISH_ID + 2L * round;
    }

    private byte[] channel(String namespace) {
        return name(namespace).getBytes(StandardCharsets.US_ASCII);
    }

    private String name(String namespace) {
        return namespace + Group.player(number);
    }

    private static byte[] data(Scanner.Push push) {
        return Arrays.copyOfRange(push.bytes, push.dataFrom, push.dataTo);
    }

    private static boolean isOn(Scanner.Push push, byte[] channel) {
        return Arrays.equals(
                push.bytes, push.channelFrom, push.channelTo, channel, 0, channel.length);
    }

    private Iterable<Message> messages(byte[] bytes, int from, int to) {
        try {
            return group.codec().messages(Arrays.copyOfRange(bytes, from, to));
        } catch (Codec.Malformed e) {
            throw new MalformedException("a message that cannot be read: " + e.getMessage());
        }
    }
}
