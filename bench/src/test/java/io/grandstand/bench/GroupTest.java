package io.grandstand.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.bench.RunResult.Checks;
import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Message;
import io.grandstand.protocol.Publication;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a worker's clients make of a server that loses, repeats, swaps, or breaks messages: every
/// fault is seeded here, on real sockets, and must be found.
class GroupTest {
    private static final int SIZE = 80;
    private static final long SENT_NS = 1_000;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = loops.next();
    private final BlockingQueue<WorkerEvent> events = new LinkedBlockingQueue<>();
    private final ServerSocket server;

    GroupTest() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void messagesThatAllComeInOrderAreClean() throws Exception {
        assertThat(run(3, 0, 1, 2).checks()).isEqualTo(Checks.CLEAN);
    }

    @Test
    void aLostMessageIsFound() throws Exception {
        assertThat(run(3, 0, 2).checks()).isEqualTo(new Checks(1, 0, 0, 0));
    }

    @Test
    void aLostLastMessageIsFound() throws Exception {
        assertThat(run(3, 0, 1).checks()).isEqualTo(new Checks(1, 0, 0, 0));
    }

    @Test
    void aDoubledMessageIsFound() throws Exception {
        WorkerEvent.Ended ended = run(3, 0, 1, 1, 2);
        assertThat(ended.checks()).isEqualTo(new Checks(0, 1, 0, 0));
        assertThat(ended.deliveries()).describedAs("each counts once").isEqualTo(3);
    }

    @Test
    void aReorderedMessageIsFound() throws Exception {
        assertThat(run(3, 1, 0, 2).checks()).isEqualTo(new Checks(0, 0, 1, 0));
    }

    @Test
    void messagesThatComeByteByByteAreClean() throws Exception {
        Group group = open(1);
        Socket client = accept();
        begin(group);
        OutputStream out = client.getOutputStream();
        client.setTcpNoDelay(true);
        for (int k = 0; k < 3; k++) {
            for (byte one : push(k)) {
                out.write(one);
                out.flush();
            }
        }
        assertThat(end(group, 3).checks()).isEqualTo(Checks.CLEAN);
    }

    @Test
    void aConnectionThatClosesIsFound() throws Exception {
        Group group = open(1);
        Socket client = accept();
        begin(group);
        client.close();
        assertThat(next(WorkerEvent.Problem.class).sentence()).contains("lost its connection");
        assertThat(end(group, 0).checks()).isEqualTo(new Checks(0, 0, 0, 1));
    }

    @Test
    void dataThatWasCutEndsTheConnection() throws Exception {
        Group group = open(1);
        Socket client = accept();
        begin(group);
        byte[] cut = Arrays.copyOf(Payload.of(0, SENT_NS, SIZE), SIZE - 10);
        cut[cut.length - 2] = '"';
        cut[cut.length - 1] = '}';
        client.getOutputStream().write(push(cut));
        assertThat(next(WorkerEvent.Problem.class).sentence()).contains("cut");
        assertThat(end(group, 1).checks()).isEqualTo(new Checks(1, 0, 0, 1));
    }

    @Test
    void whatEverybodyHasIsToldMessageByMessage() throws Exception {
        Group group = open(2);
        Socket first = accept();
        Socket second = accept();
        begin(group);
        first.getOutputStream().write(push(0));
        first.getOutputStream().write(push(1));
        second.getOutputStream().write(push(0));
        assertThat(next(WorkerEvent.Lowest.class).next()).isEqualTo(1);
        second.getOutputStream().write(push(1));
        assertThat(next(WorkerEvent.Lowest.class).next()).isEqualTo(2);
        WorkerEvent.Ended ended = end(group, 2);
        assertThat(ended.deliveries()).isEqualTo(4);
        assertThat(ended.slots().stream().mapToLong(Long::longValue).sum()).isEqualTo(4);
        Histogram latency = Counts.histogram(ended.latency());
        assertThat(latency.getTotalCount()).isEqualTo(4);
    }

    private WorkerEvent.Ended run(int sent, int... arrivals) throws Exception {
        Group group = open(1);
        Socket client = accept();
        begin(group);
        for (int k : arrivals) {
            client.getOutputStream().write(push(k));
        }
        return end(group, sent);
    }

    private Group open(int clients) {
        var open =
                new WorkerCommand.Open(
                        "test",
                        server.getLocalPort(),
                        false,
                        "127.0.0.1",
                        false,
                        "",
                        Spread.EVERYONE,
                        clients,
                        0,
                        clients,
                        SIZE,
                        "secret",
                        true,
                        0);
        var bootstrap = new Bootstrap().group(loops).channel(NioSocketChannel.class);
        var group = new Group(open, loop, bootstrap, events::add);
        loop.execute(group::open);
        return group;
    }

    /// Takes the next client and speaks WebSocket with it.
    private Socket accept() throws IOException {
        Socket client = server.accept();
        var request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            request.append((char) client.getInputStream().read());
        }
        client.getOutputStream()
                .write(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
                                .getBytes(US_ASCII));
        return client;
    }

    private void begin(Group group) throws Exception {
        next(WorkerEvent.Opened.class);
        loop.execute(() -> group.begin(new WorkerCommand.Begin("test", System.nanoTime(), true)));
        next(WorkerEvent.Begun.class);
    }

    /// Ends the window; what has not come after a moment is not waited for.
    private WorkerEvent.Ended end(Group group, long sent) throws Exception {
        loop.execute(() -> group.end(new WorkerCommand.End("test", sent, 300)));
        return next(WorkerEvent.Ended.class);
    }

    private static byte[] push(int sequence) {
        return push(Payload.of(sequence, SENT_NS, SIZE));
    }

    private static byte[] push(byte[] data) {
        var publication = new Publication(data, null, 1, Map.of());
        byte[] message =
                Codec.JSON.encode(
                        new Message.Push("all:all", new Message.PublicationEvent(publication)));
        return ServerFrames.frame(ServerFrames.TEXT, message);
    }

    /// The next event of a kind; others before it are left out.
    private <T extends WorkerEvent> T next(Class<T> type) throws InterruptedException {
        while (true) {
            WorkerEvent event = events.poll(10, TimeUnit.SECONDS);
            assertThat(event).describedAs("an event in time").isNotNull();
            if (type.isInstance(event)) {
                return type.cast(event);
            }
        }
    }
}
