package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.client.ClientListener;
import io.grandstand.client.GrandstandClient;
import io.grandstand.client.Position;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.GatewayConfig.Listen;
import io.grandstand.gateway.GatewayConfig.Tls;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that speaks TLS alone. Its certificate is made for the test and becomes the JDK's own
/// trust, which the Java client reads once: no other test of this module connects by `wss:`.
@Timeout(120)
class TlsTest {
    private static final String PASSWORD = "changeit";
    private static final String TRUST = "javax.net.ssl.trustStore";
    private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";

    private static final List<Namespace> NAMESPACES =
            List.of(
                    Namespace.of(
                            "chat",
                            "chat",
                            Mode.STREAM,
                            Permission.ANY,
                            Permission.ANY,
                            KeySource.CHANNEL));

    @TempDir private static Path folder;

    private static EventLoopGroup loops;
    private static TestCluster cluster;
    private static Tls files;
    private static SSLContext trusting;

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("keys.p12");
        KeyStore keys = makeCertificate(store);
        files =
                new Tls(
                        pem("CERTIFICATE", keys.getCertificate("gateway").getEncoded()),
                        pem(
                                "PRIVATE KEY",
                                keys.getKey("gateway", PASSWORD.toCharArray()).getEncoded()));
        trusting = trusting(keys);
        System.setProperty(TRUST, store.toString());
        System.setProperty(TRUST_PASSWORD, PASSWORD);
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        cluster = new TestCluster(folder.resolve("broker"));
        cluster.create("chat", 1, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        System.clearProperty(TRUST);
        System.clearProperty(TRUST_PASSWORD);
    }

    @Test
    void aClientPublishesHearsAndRecovers() throws Exception {
        try (TestGateway gateway = gateway(GatewayConfig.Backpressure.DEFAULT);
                GrandstandClient asha = client(gateway, "asha");
                GrandstandClient ben = client(gateway, "ben")) {
            var first = new Recording();
            ben.subscribe("chat:room", first);
            Position start = first.next(Recording.Subscribed.class).position();
            for (int i = 0; i < 100; i++) {
                asha.publish("chat:room", Integer.toString(i).getBytes(UTF_8))
                        .toCompletableFuture()
                        .get();
            }
            List<String> said = first.messages(100);
            assertThat(said).startsWith("0", "1").endsWith("99");
            try (GrandstandClient cleo = client(gateway, "cleo")) {
                var late = new Recording();
                cleo.subscribe("chat:room", start, late);
                assertThat(late.next(Recording.Subscribed.class).recovered()).isTrue();
                assertThat(late.messages(100)).isEqualTo(said);
            }
            gateway.restart();
            assertThat(first.next(Recording.Subscribed.class).recovered()).isTrue();
            cluster.write("chat", "room", "\"after the restart\"");
            cluster.flush();
            assertThat(first.messages(1)).containsExactly("\"after the restart\"");
        }
    }

    @Test
    void aSlowReaderCatchesUp() throws Exception {
        var patient = new GatewayConfig.Backpressure(32 << 10, 64 << 10, Duration.ofMinutes(5));
        try (TestGateway gateway = gateway(patient);
                var slow =
                        new RawSocket(gateway, "asha", trusting.getSocketFactory().createSocket());
                GrandstandClient ben = client(gateway, "ben")) {
            slow.send("{\"id\":2,\"subscribe\":{\"channel\":\"chat:slow\"}}");
            assertThat(slow.read()).startsWith("{\"id\":2,\"subscribe\"");
            var quick = new Recording();
            ben.subscribe("chat:slow", quick);
            quick.next(Recording.Subscribed.class);
            String padding = "x".repeat(8000);
            int count = 1500;
            for (int i = 0; i < count; i++) {
                cluster.write("chat", "slow", "\"" + i + padding + "\"");
            }
            cluster.flush();
            assertThat(quick.messages(count)).hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(slow.read()).contains("\"data\":\"" + i + "x");
            }
        }
    }

    @Test
    void httpGoesByTlsToo() throws Exception {
        try (TestGateway gateway = gateway(GatewayConfig.Backpressure.DEFAULT);
                HttpClient http = HttpClient.newBuilder().sslContext(trusting).build()) {
            HttpResponse<String> ready =
                    http.send(
                            HttpRequest.newBuilder(gateway.http("/health/ready")).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).isEqualTo("The gateway is ready.\n");
            assertThat(ready.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    @Test
    void plainHttpIsRefusedInPlainWords() throws Exception {
        try (TestGateway gateway = gateway(GatewayConfig.Backpressure.DEFAULT);
                var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream()
                    .write("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .endsWith("This port speaks HTTPS and wss: alone.");
        }
    }

    private static TestGateway gateway(GatewayConfig.Backpressure backpressure) throws Exception {
        return new TestGateway(
                cluster.client(),
                TestGateway.config(NAMESPACES)
                        .with(backpressure)
                        .with(new Listen("127.0.0.1", 0, Set.of(), files)));
    }

    private static GrandstandClient client(TestGateway gateway, String player) {
        var client =
                new GrandstandClient(
                        loops,
                        gateway.as(player),
                        new SplittableRandom(1),
                        new ClientListener() {});
        client.connect();
        return client;
    }

    /// A certificate for this machine, signed by itself.
    private static KeyStore makeCertificate(Path store) throws Exception {
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-alias",
                                "gateway",
                                "-dname",
                                "CN=gateway",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static Path pem(String kind, byte[] encoded) throws Exception {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return Files.writeString(
                folder.resolve(kind + ".pem"),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, base64, kind));
    }
}
