package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encrypts a node's connections: BoringSSL where it is there, else the JDK's own TLS.
///
/// The files are looked at from time to time, and a certificate that was renewed serves the
/// connections that are opened from then on; one that cannot be used changes nothing. Clients
/// resume what they agreed on before by a ticket that they keep, so that a crowd that comes back
/// costs no signature each and the node remembers nothing of them. Thread-safe.
final class ServerTls {
    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    private static final long LOOK_MS = 10_000;

    /// Time from the accepted connection to the end of its handshake; then it is closed.
    private static final long HANDSHAKE_MS_MAX = 10_000;

    /// How long a ticket is good at least; twice as long at most.
    private static final int TICKET_SECONDS = 3600;

    private static final long LOOKS_PER_TICKET_KEY = TICKET_SECONDS * 1000L / LOOK_MS;

    private static final SecureRandom SECRETS = new SecureRandom();

    private final GatewayConfig.Tls files;
    private final SslProvider provider;
    private SslContext context;
    private Versions versions;

    /// What tickets are made with, and what those of the time before were made with; unused by the
    /// JDK's TLS, which has keys of its own.
    private OpenSslSessionTicketKey ticketKey = newTicketKey();

    private OpenSslSessionTicketKey oldTicketKey = ticketKey;
    private @Nullable Thread thread;

    /// When the files were changed last.
    private record Versions(FileTime certificate, FileTime key) {
        static Versions of(GatewayConfig.Tls files) throws IOException {
            return new Versions(
                    Files.getLastModifiedTime(files.certificate()),
                    Files.getLastModifiedTime(files.key()));
        }
    }

    /// Reads the files and looks after them.
    ///
    /// @throws IOException with a sentence that says what to do, where they cannot be used
    static ServerTls start(GatewayConfig.Tls files) throws IOException {
        var tls =
                new ServerTls(
                        files,
                        OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
        tls.thread = Thread.ofVirtual().name("tls-certificate").start(tls::look);
        return tls;
    }

    /// What the files hold, which nobody looks after.
    ServerTls(GatewayConfig.Tls files, SslProvider provider) throws IOException {
        this.files = files;
        this.provider = provider;
        this.versions = versions(files);
        this.context = newContext();
    }

    /// Whether what is written to `connection` is encrypted on its way.
    static boolean isOn(Channel connection) {
        return connection.pipeline().get(SslHandler.class) != null;
    }

    /// Encrypts a new connection, whose pipeline is empty.
    synchronized void addTo(Channel connection) {
        SslHandler handler = context.newHandler(connection.alloc());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MS_MAX);
        connection.pipeline().addLast(new PlainHttpDoor(), handler);
    }

    /// Ends the watch; waits for it. Nothing is encrypted anew after that.
    void stop() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
        ReferenceCountUtil.release(context);
    }

    private void look() {
        try {
            for (long looks = 1; ; looks++) {
                Thread.sleep(LOOK_MS);
                renew();
                if (looks % LOOKS_PER_TICKET_KEY == 0) {
                    changeTicketKey();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Takes what the files hold now, if they have changed.
    void renew() {
        try {
            Versions now = versions(files);
            if (now.equals(versions)) {
                return;
            }
            versions = now;
            SslContext renewed = newContext();
            replace(renewed);
            log.info("new connections get the certificate that {} holds now", files.certificate());
        } catch (IOException e) {
            log.warn("the certificate stays the one it was: {}", e.getMessage());
        }
    }

    /// New tickets are made with a new key; those made with the last one stay good.
    synchronized void changeTicketKey() {
        oldTicketKey = ticketKey;
        ticketKey = newTicketKey();
        setTicketKeys(context);
    }

    private synchronized void replace(SslContext renewed) {
        SslContext before = context;
        setTicketKeys(renewed);
        context = renewed;
        // Connections that have it keep it.
        ReferenceCountUtil.release(before);
    }

    private SslContext newContext() throws IOException {
        String path = files.certificate().toString();
        ServerCertificate certificate;
        try {
            List<X509Certificate> chain = ServerCertificate.chain(text(files.certificate()));
            path = files.key().toString();
            PrivateKey key = ServerCertificate.key(text(files.key()));
            certificate = ServerCertificate.of(chain, key);
        } catch (ServerCertificate.RefusedException e) {
            throw new IOException("%s %s".formatted(path, e.getMessage()), e);
        }
        SslContext made =
                SslContextBuilder.forServer(certificate.key(), certificate.chain())
                        .sslProvider(provider)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .applicationProtocolConfig(
                                new ApplicationProtocolConfig(
                                        ApplicationProtocolConfig.Protocol.ALPN,
                                        ApplicationProtocolConfig.SelectorFailureBehavior
                                                .NO_ADVERTISE,
                                        ApplicationProtocolConfig.SelectedListenerFailureBehavior
                                                .ACCEPT,
                                        ApplicationProtocolNames.HTTP_1_1))
                        .sessionTimeout(TICKET_SECONDS)
                        .build();
        setTicketKeys(made);
        return made;
    }

    private synchronized void setTicketKeys(SslContext of) {
        if (of.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // Tickets say it all: nothing is remembered here.
            sessions.setSessionCacheEnabled(false);
            sessions.setTicketKeys(ticketKey, oldTicketKey);
        }
    }

    private static OpenSslSessionTicketKey newTicketKey() {
        return new OpenSslSessionTicketKey(
                random(OpenSslSessionTicketKey.NAME_SIZE),
                random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                random(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        SECRETS.nextBytes(bytes);
        return bytes;
    }

    private static Versions versions(GatewayConfig.Tls files) throws IOException {
        try {
            return Versions.of(files);
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " does not exist", e);
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not text: must be PEM", e);
        }
    }
}
