package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Outlets of connections that are real sockets, since what they do is to go round Netty to the
/// kernel. One event loop has them all.
final class OutletTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private MultiThreadIoEventLoopGroup loops;
    private Channel server;

    /// What was accepted, in order.
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    private final List<java.net.Socket> clients = new ArrayList<>();

    @BeforeEach
    @BeforeProperty
    void start() {
        assumeTrue(Epoll.isAvailable(), "SKIPPED: epoll is for Linux");
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        server =
                new ServerBootstrap()
                        .group(loops)
                        .channel(EpollServerSocketChannel.class)
                        // Soon full, so that much has to wait.
                        .childOption(ChannelOption.SO_SNDBUF, 4096)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accepted.add(channel);
                                    }
                                })
                        .bind(HERE, 0)
                        .syncUninterruptibly()
                        .channel();
    }

    @AfterEach
    @AfterProperty
    void stop() throws IOException {
        for (java.net.Socket client : clients) {
            client.close();
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /// Between the end of a socket and the moment that a session hears of it, the kernel may give
    /// the socket's number to a new connection.
    @Test
    void whatIsSentToAClosedConnectionReachesNobodyElse() throws Exception {
        connect();
        Channel gone = accepted.take();
        int number = number(gone);
        var outlet = new Outlet(gone, true);
        onLoop(() -> {
            outlet.write(bytes("before,"));
            outlet.flush();
        });

        // Their own ends have numbers already, so that the one to be free is for an accepted one.
        var waiting = new ArrayDeque<java.net.Socket>();
        for (int i = 0; i < 100; i++) {
            waiting.add(unconnected());
        }
        onLoop(() -> {
            var _ = gone.close();
        });
        java.net.Socket heir;
        Channel heirs;
        do {
            heir = waiting.remove();
            heir.connect(server.localAddress());
            heirs = accepted.take();
        } while (number(heirs) != number);
        Channel taken = heirs;

        ByteBuf shared = bytes("a secret,");
        onLoop(() -> {
            outlet.send(shared);
            outlet.write(bytes("another,"));
            outlet.flush();
            var own = new Outlet(taken, true);
            own.write(bytes("own"));
            own.flush();
        });
        assertThat(shared.refCnt()).isOne();
        shared.release();
        taken.close().syncUninterruptibly();
        assertThat(heir.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("own");
    }

    /// What was written and not flushed when a connection ends is given back.
    @Test
    void nothingIsHeldForAClosedConnection() throws Exception {
        connect();
        Channel channel = accepted.take();
        var outlet = new Outlet(channel, true);
        ByteBuf first = bytes("first");
        onLoop(() -> {
            outlet.write(bytes("opens the way"));
            outlet.flush();
            outlet.write(first);
            var _ = channel.close();
            outlet.closed();
        });
        assertThat(first.refCnt()).isZero();
    }

    /// Whatever is written, shared and flushed in whatever order, and however little the kernel
    /// takes at once: the client reads the bytes in the order of writing, and no buffer is left.
    @Property(tries = 40)
    void bytesArriveInOrder(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 20_000) Integer> sizes,
            @ForAll @Size(min = 60, max = 60) List<@IntRange(max = 3) Integer> ways)
            throws Exception {
        java.net.Socket client = connect();
        Channel channel = accepted.take();
        var expected = new ByteArrayOutputStream();
        var buffers = new ArrayList<ByteBuf>();
        onLoop(() -> {
            var outlet = new Outlet(channel, true);
            for (int i = 0; i < sizes.size(); i++) {
                byte[] bytes = new byte[sizes.get(i)];
                Arrays.fill(bytes, (byte) i);
                expected.writeBytes(bytes);
                ByteBuf buffer =
                        PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
                buffers.add(buffer);
                switch (ways.get(i)) {
                    case 0 -> outlet.write(buffer);
                    case 1 -> {
                        outlet.write(buffer);
                        outlet.flush();
                    }
                    case 2 -> {
                        outlet.used();
                        var _ = channel.write(buffer);
                    }
                    default -> {
                        outlet.send(buffer);
                        buffer.release();
                    }
                }
            }
            outlet.flush();
            channel.flush();
        });
        byte[] got = client.getInputStream().readNBytes(expected.size());
        assertThat(got).isEqualTo(expected.toByteArray());
        onLoop(() -> {});
        assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
        channel.close().syncUninterruptibly();
    }

    private java.net.Socket connect() throws IOException {
        java.net.Socket client = unconnected();
        client.connect(server.localAddress());
        return client;
    }

    /// A client's end, which has a number of its own before it is connected.
    private java.net.Socket unconnected() throws IOException {
        var client = new java.net.Socket();
        clients.add(client);
        client.bind(new InetSocketAddress(HERE, 0));
        return client;
    }

    private void onLoop(Runnable task) {
        loops.next().submit(task).syncUninterruptibly();
    }

    private static int number(Channel channel) {
        return ((Socket) ((EpollSocketChannel) channel).fd()).intValue();
    }

    private static ByteBuf bytes(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(US_ASCII));
    }
}
