package io.grandstand.bench;

import io.netty.channel.Channel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/// TLS of clients that believe any server: they measure, and have nothing to lose. Made on first
/// use, for all connections of a worker.
final class ClientTls {
    /// Thousands of handshakes at once take their time.
    private static final long HANDSHAKE_MS_MAX = 60_000;

    private static final SslContext CONTEXT = context();

    private ClientTls() {}

    /// Encrypts a connection.
    static SslHandler handler(Channel connection) {
        SslHandler handler = CONTEXT.newHandler(connection.alloc());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MS_MAX);
        return handler;
    }

    private static SslContext context() {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(
                            OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up", e);
        }
    }
}
