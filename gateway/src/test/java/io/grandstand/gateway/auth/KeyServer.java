package io.grandstand.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Where keys are fetched from, in the state a test puts it in.
final class KeyServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Answer answer = exchange -> send(exchange, 404, "");
    private volatile CountDownLatch open = new CountDownLatch(0);

    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    KeyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(handlers);
        server.createContext("/keys", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    }

    /// How many requests came so far.
    int fetches() {
        return fetches.get();
    }

    void has(JWK... keys) {
        has(new JWKSet(List.of(keys)).toString(true));
    }

    void has(String document) {
        answer(exchange -> send(exchange, 200, document));
    }

    void answer(Answer answer) {
        this.answer = answer;
    }

    /// From here on requests wait for `open`.
    void hold() {
        open = new CountDownLatch(1);
    }

    void open() {
        open.countDown();
    }

    @Override
    public void close() {
        open();
        server.stop(0);
        handlers.shutdownNow();
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void handle(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        try (exchange) {
            open.await();
            answer.to(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
