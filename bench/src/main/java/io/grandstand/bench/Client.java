package io.grandstand.bench;

import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Command;
import io.grandstand.protocol.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One client of a group: its subscription, its position, the messages it has. Lives longer than
/// its socket, where the group reconnects. Confined to the event loop.
final class Client implements ClientSocket.Listener, Scanner.Sink {
    private static final long CONNECT_ID = 1;
    private static final long SUBSCRIBE_ID = 2;

    /// Command `FIRST_PUBLISH_ID + n` is the publish of message `n` of the group.
    private static final long FIRST_PUBLISH_ID = 10;

    final int index;
    final SequenceCheck check = new SequenceCheck();
    private final Group group;
    private final byte[] channel;
    private @Nullable ClientSocket socket;
    private String epoch = "";
    private long offset;

    /// Whether it is subscribed: at a reference server, connected.
    private boolean isReady;

    private long backNs;

    /// How often it tried to come back since it was last subscribed.
    private int attempts;

    Client(Group group, int index) {
        this.group = group;
        this.index = index;
        this.channel = group.channel(index).getBytes(StandardCharsets.UTF_8);
    }

    /// The path to ask for: reference servers know their clients by `n`.
    String path() {
        return "/connection/websocket?n=" + index;
    }

    /// When it was subscribed again after its server died; 0 where it did not have to be.
    long backNs() {
        return backNs;
    }

    /// The number of its next attempt to come back, from 0 on.
    int nextAttempt() {
        return attempts++;
    }

    /// Publishes a message; `number` counts those of the whole group.
    void publish(long number, String toChannel, byte[] data) {
        send(new Command(FIRST_PUBLISH_ID + number, new Command.Publish(toChannel, data)));
    }

    @Override
    public void upgraded(ClientSocket upgraded) {
        socket = upgraded;
        if (channel.length == 0) {
            ready();
            return;
        }
        String name = new String(channel, StandardCharsets.UTF_8);
        byte[] connect =
                group.codec()
                        .encode(
                                new Command(
                                        CONNECT_ID, Command.Connect.withToken(group.token(index))));
        byte[] subscribe =
                group.codec()
                        .encode(
                                new Command(
                                        SUBSCRIBE_ID,
                                        epoch.isEmpty()
                                                ? Command.Subscribe.to(name)
                                                : Command.Subscribe.after(name, epoch, offset)));
        upgraded.send(joined(connect, subscribe));
    }

    @Override
    public void message(byte[] bytes, int from, int to) {
        group.scan(bytes, from, to, this);
    }

    @Override
    public void push(Scanner.Push push) {
        if (channel.length > 0
                && !Arrays.equals(
                        push.bytes, push.channelFrom, push.channelTo, channel, 0, channel.length)) {
            throw new MalformedException("a push on a channel that was not asked for");
        }
        long sequence = Payload.sequence(push.bytes, push.dataFrom, push.dataTo);
        long intendedNs = Payload.timeNs(push.bytes, push.dataFrom, push.dataTo);
        if (push.dataTo - push.dataFrom != group.size()) {
            throw new MalformedException("data that was cut or made longer");
        }
        offset = push.offset;
        if (check.accept(sequence)) {
            group.delivered(this, sequence, intendedNs);
        }
    }

    @Override
    public void other(long id, byte[] bytes, int from, int to) {
        for (Message message : messages(bytes, from, to)) {
            if (message instanceof Message.Reply reply) {
                replied(reply);
            } else if (message instanceof Message.Push(_, Message.SubscriptionEnded ended)) {
                group.problem("client %d was unsubscribed: %s".formatted(index, ended));
            }
        }
    }

    private void replied(Message.Reply reply) {
        switch (reply.result()) {
            case Message.Connected _ -> {}
            case Message.Subscribed subscribed -> {
                boolean isBack = !epoch.isEmpty();
                if (isBack && !subscribed.recovered()) {
                    group.unrecovered();
                }
                epoch = subscribed.epoch();
                offset = isBack ? offset : subscribed.offset();
                ready();
            }
            case Message.Published _ -> group.acknowledged(reply.id() - FIRST_PUBLISH_ID);
            default -> group.problem("client %d was answered %s".formatted(index, reply.result()));
        }
    }

    private void ready() {
        boolean isBack = attempts > 0;
        isReady = true;
        attempts = 0;
        if (isBack) {
            backNs = System.nanoTime();
        }
        group.ready(this, isBack);
    }

    @Override
    public void ping() {
        send(Command.PONG);
    }

    @Override
    public void closed(String why) {
        boolean wasReady = isReady;
        isReady = false;
        socket = null;
        group.closed(this, wasReady, why);
    }

    /// Reads nothing any more.
    void stopReading() {
        socket().stopReading();
    }

    private void send(Command command) {
        socket().send(group.codec().encode(command));
    }

    private ClientSocket socket() {
        if (socket == null) {
            throw new IllegalStateException("client %d is not connected".formatted(index));
        }
        return socket;
    }

    private Iterable<Message> messages(byte[] bytes, int from, int to) {
        try {
            return group.codec().messages(Arrays.copyOfRange(bytes, from, to));
        } catch (Codec.Malformed e) {
            throw new MalformedException("a message that cannot be read: " + e.getMessage());
        }
    }

    /// Two commands as one frame.
    private byte[] joined(byte[] first, byte[] second) {
        var frame = new ByteArrayOutputStream(first.length + second.length + 1);
        frame.writeBytes(first);
        if (!group.isProtobuf()) {
            frame.write('\n');
        }
        frame.writeBytes(second);
        return frame.toByteArray();
    }
}
