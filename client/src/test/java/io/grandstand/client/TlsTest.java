package io.grandstand.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.client.ScriptedServer.Peer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Connections by `wss:` to servers with certificates made for the test. The one that is to be
/// trusted becomes the JDK's own trust, which clients read once: so nothing else in this JVM may
/// use TLS before.
@Timeout(60)
final class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir private static Path dir;

    private static EventLoopGroup loops;
    private static SslContext trusted;
    private static SslContext stranger;

    private final Heard heard = new Heard();

    @BeforeAll
    static void makeCertificates() throws Exception {
        Path trustedKeys = keys("trusted");
        trusted = context(trustedKeys);
        stranger = context(keys("stranger"));
        System.setProperty("javax.net.ssl.trustStore", trustedKeys.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoops() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aTrustedServerIsSpokenToInBothFormats() throws Exception {
        for (Format format : Format.values()) {
            try (var server = new ScriptedServer(loops, 0, trusted);
                    var client = client(server, "localhost", format)) {
                client.connect();
                Peer peer = server.welcome();
                assertThat(heard.next()).isEqualTo("connected c1");
                peer.send("{}");
                assertThat(peer.receive()).isEqualTo("{}");
            }
            assertThat(heard.next()).isEqualTo("disconnected 0 closed by the client, over");
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsNot() throws Exception {
        try (var server = new ScriptedServer(loops, 0, stranger);
                var client = client(server, "localhost", Format.JSON)) {
            client.connect();
            assertThat(heard.next())
                    .startsWith("disconnected 1 ")
                    .contains("unable to find valid certification path");
        }
    }

    @Test
    void aServerOfAnotherNameIsNot() throws Exception {
        try (var server = new ScriptedServer(loops, 0, trusted);
                var client = client(server, "127.0.0.1", Format.JSON)) {
            client.connect();
            assertThat(heard.next())
                    .startsWith("disconnected 1 ")
                    .contains("No subject alternative names matching IP address 127.0.0.1");
        }
    }

    private GrandstandClient client(ScriptedServer server, String host, Format format) {
        var endpoint =
                URI.create(
                        "wss://%s:%d%s"
                                .formatted(host, server.port(), server.endpoint().getPath()));
        var config =
                new ClientConfig(endpoint, () -> "t", Backoff.DEFAULT, Duration.ofSeconds(10))
                        .in(format);
        return new GrandstandClient(loops, config, new SplittableRandom(1), heard);
    }

    /// A new key with a certificate for `localhost` that it signed itself.
    private static Path keys(String name) throws Exception {
        Path file = dir.resolve(name);
        var keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-alias",
                                name,
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        return file;
    }

    private static SslContext context(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        return SslContextBuilder.forServer(factory).build();
    }
}
