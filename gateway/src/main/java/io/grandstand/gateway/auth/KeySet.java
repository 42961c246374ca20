package io.grandstand.gateway.auth;

import com.nimbusds.jose.JWSHeader;
import io.grandstand.gateway.auth.TokenConfig.KeySetSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys at an address, kept in memory. Thread-safe; never blocks.
///
/// Fetched at the beginning, when old, and when somebody asks for a key that is not there; one
/// fetch at a time, and each begins at least `FETCH_INTERVAL` after the one before, whatever
/// clients send. A fetch that fails changes nothing: the keys known stay in use.
final class KeySet implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeySet.class);

    static final Duration FETCH_INTERVAL = Duration.ofSeconds(10);
    static final Duration FETCH_TIME_MAX = Duration.ofSeconds(5);

    /// A longer document is refused; one key takes a few hundred bytes.
    static final int DOCUMENT_BYTES_MAX = 256 << 10;

    private final KeySetSource source;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Duration fetchTimeMax;
    private final HttpClient http;
    private final HttpRequest request;
    private final Object lock = new Object();

    // Guarded by `lock`.
    private @Nullable CompletableFuture<Void> fetchUnderWay;
    private long fetchBegunNs;

    private volatile TokenKeys keys = TokenKeys.NONE;
    private volatile long keysFromNs;
    private volatile @Nullable Fetch lastFetch;

    /// A fetch that is over.
    ///
    /// @param begun when it began
    record Fetch(Instant begun, boolean succeeded) {}

    /// Begins the first fetch. `clock` says when a fetch was, `nanoTime` how long ago.
    KeySet(KeySetSource source, InstantSource clock, LongSupplier nanoTime, Duration fetchTimeMax) {
        this.source = source;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.fetchTimeMax = fetchTimeMax;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
        this.request =
                HttpRequest.newBuilder(source.url()).header("Accept", "application/json").build();
        this.keysFromNs = nanoTime.getAsLong();
        this.fetchBegunNs = keysFromNs - FETCH_INTERVAL.toNanos();
        var _ = refresh();
    }

    /// The key of a token, by the keys known now. Begins a fetch where these are old.
    TokenKeys.Lookup find(JWSHeader header) {
        if (nanoTime.getAsLong() - keysFromNs >= source.refresh().toNanos()) {
            var _ = refresh();
        }
        return keys.find(header);
    }

    /// The fetch that is under way or, if it is time for one, a new one: completed when it is over,
    /// well or not, on a thread that must not be held up. Null where none may begin now.
    @Nullable CompletionStage<Void> refresh() {
        CompletableFuture<Void> fetch;
        synchronized (lock) {
            if (fetchUnderWay != null) {
                return fetchUnderWay;
            }
            long now = nanoTime.getAsLong();
            if (now - fetchBegunNs < FETCH_INTERVAL.toNanos()) {
                return null;
            }
            fetch = new CompletableFuture<>();
            fetchUnderWay = fetch;
            fetchBegunNs = now;
        }
        fetch(fetch);
        return fetch;
    }

    /// The last fetch that is over; null before the first.
    @Nullable Fetch lastFetch() {
        return lastFetch;
    }

    /// Breaks off a fetch under way.
    @Override
    public void close() {
        http.shutdownNow();
    }

    private void fetch(CompletableFuture<Void> over) {
        Instant begun = clock.instant();
        long begunNs = nanoTime.getAsLong();
        CompletableFuture<HttpResponse<String>> exchange =
                http.sendAsync(
                        request,
                        BodyHandlers.limiting(
                                BodyHandlers.ofString(StandardCharsets.UTF_8), DOCUMENT_BYTES_MAX));
        // A timeout of the request would end with the response's head.
        var _ =
                exchange.copy()
                        .orTimeout(fetchTimeMax.toMillis(), TimeUnit.MILLISECONDS)
                        .thenApply(KeySet::keysIn)
                        .whenComplete((fetched, failure) -> {
                            if (failure == null) {
                                succeeded(fetched, begun, begunNs);
                            } else {
                                exchange.cancel(true);
                                failed(failure, begun);
                            }
                            synchronized (lock) {
                                fetchUnderWay = null;
                            }
                            over.complete(null);
                        });
    }

    private static TokenKeys keysIn(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new CompletionException(
                    new IOException("it answered with status " + response.statusCode()));
        }
        try {
            return TokenKeys.parse(response.body());
        } catch (ParseException e) {
            throw new CompletionException(e);
        }
    }

    private void succeeded(TokenKeys fetched, Instant begun, long begunNs) {
        Fetch before = lastFetch;
        // Once, however often clients make us fetch.
        if (!fetched.leftOut().equals(keys.leftOut())) {
            log.warn("key set {}: keys left out: {}", address(), fetched.leftOut());
        }
        keys = fetched;
        keysFromNs = begunNs;
        lastFetch = new Fetch(begun, true);
        if (before == null || !before.succeeded()) {
            log.info("key set {}: {} keys", address(), fetched.keys().size());
        }
    }

    /// Says so once until it succeeds again.
    private void failed(Throwable failure, Instant begun) {
        Fetch before = lastFetch;
        lastFetch = new Fetch(begun, false);
        if (before == null || before.succeeded()) {
            log.warn(
                    "key set {} cannot be had; the {} keys known stay in use: {}",
                    address(),
                    keys.keys().size(),
                    reason(failure));
        }
    }

    private String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return switch (cause) {
            case TimeoutException _ -> "no answer within " + fetchTimeMax.toMillis() + " ms";
            case ParseException e -> "what it answers is no key set: " + e.getMessage();
            default -> cause.toString();
        };
    }

    /// Without a query and a user, which may be secret.
    private String address() {
        URI url = source.url();
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getPath();
    }
}
