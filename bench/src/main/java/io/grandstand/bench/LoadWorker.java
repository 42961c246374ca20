package io.grandstand.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// A process of clients: some thousands of connections on one event loop, which checks what comes
/// and counts it.
///
/// Takes `WorkerCommand`s on standard input, tells `WorkerEvent`s on standard output, and ends when
/// its input ends, so that it never outlives the orchestrator.
public final class LoadWorker {
    /// Connections that one worker holds at most: below the limit of open files that many systems
    /// set at 20,000, with room for the process's own.
    static final int CONNECTIONS_MAX = 18_000;

    /// Sixteen messages of the usual size and more; what does not fit comes with the next read.
    private static final int READ_BYTES = 16 << 10;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final PrintStream out;
    private final Map<String, Group> groups = new HashMap<>();
    private final Map<String, GameGroup> games = new HashMap<>();

    private LoadWorker(EventLoop loop, Bootstrap bootstrap, PrintStream out) {
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.out = out;
    }

    /// Runs the program.
    public static void main(String[] arguments) throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        var loops = new MultiThreadIoEventLoopGroup(1, io);
        var bootstrap =
                new Bootstrap()
                        .group(loops)
                        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ_BYTES))
                        .option(ChannelOption.TCP_NODELAY, true);
        if (epoll) {
            // The port is chosen when the destination is known: one source address then has as many
            // ports for each server.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var worker = new LoadWorker(loops.next(), bootstrap, out);
        worker.tell(new WorkerEvent.Started(Procfs.descriptorsMax()));
        worker.read(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        System.exit(0);
    }

    private void read(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            WorkerCommand command = Lines.read(line, WorkerCommand.class);
            loop.execute(() -> carryOut(command));
        }
    }

    private void carryOut(WorkerCommand command) {
        try {
            switch (command) {
                case WorkerCommand.Open open -> {
                    var group = new Group(open, loop, bootstrap, this::tell);
                    groups.put(open.group(), group);
                    group.open();
                }
                case WorkerCommand.Begin begin -> group(command).begin(begin);
                case WorkerCommand.Publish publish -> group(command).publish(publish);
                case WorkerCommand.End end -> group(command).end(end);
                case WorkerCommand.OpenGame open -> {
                    var game = new GameGroup(open, loop, bootstrap, this::tell);
                    games.put(open.group(), game);
                    game.open();
                }
                case WorkerCommand.Play play -> game(command).play(play.plan());
                case WorkerCommand.EndGame end -> game(command).end(end.waitMs());
            }
        } catch (RuntimeException e) {
            tell(new WorkerEvent.Problem(command.group(), "the load worker failed: " + e));
        }
    }

    private Group group(WorkerCommand command) {
        return named(command.group(), groups);
    }

    private GameGroup game(WorkerCommand command) {
        return named(command.group(), games);
    }

    private static <G> G named(String name, Map<String, G> groups) {
        G group = groups.get(name);
        if (group == null) {
            throw new IllegalArgumentException("there is no group " + name);
        }
        return group;
    }

    private void tell(WorkerEvent event) {
        out.println(Lines.write(event));
    }
}
