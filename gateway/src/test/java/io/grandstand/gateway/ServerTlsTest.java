package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that answers whatever it hears with `SAID`, behind the TLS of a node. The certificates
/// in the resources, `first` with an EC key and `second` with an RSA one, are made for tests and
/// last a hundred years.
final class ServerTlsTest {
    private static final String SAID = "said to everybody, and to you";

    /// What all connections share, in a buffer with room behind it.
    private final ByteBuf shared =
            PooledByteBufAllocator.DEFAULT.directBuffer(4096).writeBytes("said ".getBytes(UTF_8));

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<ServerTls> started = new ArrayList<>();

    @TempDir private Path folder;
    private Path certificate = Path.of("");
    private Path key = Path.of("");

    /// Time of the files: a file system may count in seconds.
    private Instant written = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void writeFiles() throws IOException {
        certificate = folder.resolve("server.crt");
        key = folder.resolve("server.key");
        write("first");
    }

    @AfterEach
    void stop() throws Exception {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        for (ServerTls tls : started) {
            tls.stop();
        }
        shared.release();
    }

    @Test
    void boringSslIsWhatServesHere() {
        assertThat(OpenSsl.isAvailable()).as("%s", OpenSsl.unavailabilityCause()).isTrue();
        assertThat(OpenSsl.versionString()).contains("BoringSSL");
    }

    @Test
    void bothVersionsAreSpokenAndNoOlderOne() throws Exception {
        for (SslProvider provider : providers()) {
            int port = serve(new ServerTls(files(), provider));
            for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                assertThat(talk(trusting(), port, version).getProtocol()).isEqualTo(version);
            }
            assertThatThrownBy(() -> talk(trusting(), port, "TLSv1.1"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientThatComesBackResumesItsSession() throws Exception {
        for (SslProvider provider : providers()) {
            int port = serve(new ServerTls(files(), provider));
            for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                SSLContext client = trusting();
                SSLSession first = talk(client, port, version);
                assertThat(isResumed(first, talk(client, port, version)))
                        .as("%s %s", provider, version)
                        .isTrue();
            }
        }
    }

    @Test
    void aTicketOutlivesOneChangeOfItsKeyAndNotTwo() throws Exception {
        ServerTls tls = new ServerTls(files(), SslProvider.OPENSSL_REFCNT);
        int port = serve(tls);
        SSLContext once = trusting();
        SSLContext twice = trusting();
        SSLSession onceFirst = talk(once, port, "TLSv1.3");
        SSLSession twiceFirst = talk(twice, port, "TLSv1.3");
        tls.changeTicketKey();
        assertThat(isResumed(onceFirst, talk(once, port, "TLSv1.3"))).isTrue();
        tls.changeTicketKey();
        assertThat(isResumed(twiceFirst, talk(twice, port, "TLSv1.3"))).isFalse();
    }

    @Test
    void aRenewedCertificateServesNewConnectionsAndOldOnesStay() throws Exception {
        ServerTls tls = new ServerTls(files(), SslProvider.OPENSSL_REFCNT);
        int port = serve(tls);
        try (SSLSocket old = connect(trusting(), port, "TLSv1.3")) {
            assertThat(shown(old.getSession())).isEqualTo("CN=first");
            tls.renew();
            assertThat(shown(talk(trusting(), port, "TLSv1.3"))).isEqualTo("CN=first");
            write("second");
            tls.renew();
            assertThat(shown(talk(trusting(), port, "TLSv1.3"))).isEqualTo("CN=second");
            assertThat(ask(old)).isEqualTo(SAID);
        }
    }

    @Test
    void aCertificateThatCannotBeUsedChangesNothing() throws Exception {
        ServerTls tls = new ServerTls(files(), SslProvider.OPENSSL_REFCNT);
        int port = serve(tls);
        write(certificate, resource("second.crt"));
        tls.renew();
        assertThat(shown(talk(trusting(), port, "TLSv1.3"))).isEqualTo("CN=first");
        Files.delete(key);
        tls.renew();
        assertThat(shown(talk(trusting(), port, "TLSv1.3"))).isEqualTo("CN=first");
        write(key, resource("second.key"));
        tls.renew();
        assertThat(shown(talk(trusting(), port, "TLSv1.3"))).isEqualTo("CN=second");
    }

    @Test
    void whatCannotBeUsedAtTheStartIsToldWithItsFile() throws Exception {
        write(key, resource("second.key"));
        assertThatThrownBy(() -> new ServerTls(files(), SslProvider.JDK))
                .hasMessage(key + " holds a private key that is not the certificate's");
        write(certificate, "none");
        assertThatThrownBy(() -> new ServerTls(files(), SslProvider.JDK))
                .hasMessageStartingWith(certificate + " holds no certificate");
        Files.delete(key);
        assertThatThrownBy(() -> new ServerTls(files(), SslProvider.JDK))
                .hasMessage(key + " does not exist");
    }

    @Test
    void whoSpeaksPlainHttpIsToldSo() throws Exception {
        int port = serve(new ServerTls(files(), SslProvider.OPENSSL_REFCNT));
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .endsWith("\r\n\r\nThis port speaks HTTPS and wss: alone.");
        }
    }

    /// TLS joins small writes: it must not do so in a buffer that other connections read.
    @Test
    void aSharedBufferIsLeftAsItIs() throws Exception {
        for (SslProvider provider : providers()) {
            int port = serve(new ServerTls(files(), provider));
            int capacity = shared.capacity();
            byte[] behind = {1, 2, 3, 4};
            shared.setBytes(shared.writerIndex(), behind);
            try (SSLSocket socket = connect(trusting(), port, "TLSv1.3")) {
                assertThat(ask(socket)).isEqualTo(SAID);
            }
            byte[] now = new byte[behind.length];
            shared.getBytes(shared.writerIndex(), now);
            assertThat(now).isEqualTo(behind);
            assertThat(shared.capacity()).isEqualTo(capacity);
            assertThat(shared.toString(UTF_8)).isEqualTo("said ");
        }
    }

    private static List<SslProvider> providers() {
        return List.of(SslProvider.OPENSSL_REFCNT, SslProvider.JDK);
    }

    private GatewayConfig.Tls files() {
        return new GatewayConfig.Tls(certificate, key);
    }

    private void write(String name) throws IOException {
        write(certificate, resource(name + ".crt"));
        write(key, resource(name + ".key"));
    }

    private void write(Path file, String text) throws IOException {
        written = written.plusSeconds(10);
        Files.setLastModifiedTime(Files.writeString(file, text), FileTime.from(written));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ServerTlsTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private int serve(ServerTls tls) {
        started.add(tls);
        Channel listener =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel connection) {
                                        tls.addTo(connection);
                                        connection.pipeline().addLast(new Answering());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private final class Answering extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext own, Object received) {
            ReferenceCountUtil.release(received);
            var outlet = new Outlet(own.channel(), !ServerTls.isOn(own.channel()));
            outlet.write(shared.retainedDuplicate());
            outlet.write(Unpooled.copiedBuffer("to everybody, ", UTF_8));
            outlet.flush();
            outlet.write(Unpooled.copiedBuffer("and to ", UTF_8));
            outlet.send(Unpooled.copiedBuffer("you", UTF_8));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext own, Throwable cause) {
            var _ = own.close();
        }
    }

    /// A client's TLS, with no sessions yet.
    private static SSLContext trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (String name : List.of("first", "second")) {
            store.setCertificateEntry(
                    name, ServerCertificate.chain(resource(name + ".crt")).getFirst());
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /// A whole conversation; returns its session.
    private static SSLSession talk(SSLContext client, int port, String version) throws Exception {
        try (SSLSocket socket = connect(client, port, version)) {
            assertThat(ask(socket)).isEqualTo(SAID);
            return socket.getSession();
        }
    }

    private static SSLSocket connect(SSLContext client, int port, String version)
            throws IOException {
        var socket = (SSLSocket) client.getSocketFactory().createSocket("localhost", port);
        socket.setSoTimeout(20_000);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    private static String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream().write('?');
        return new String(socket.getInputStream().readNBytes(SAID.length()), UTF_8);
    }

    private static String shown(SSLSession session) throws Exception {
        return ((X509Certificate) session.getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    /// A resumed session keeps the time at which the first one was agreed on.
    private static boolean isResumed(SSLSession first, SSLSession second) {
        return first.getCreationTime() == second.getCreationTime();
    }
}
