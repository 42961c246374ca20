package io.grandstand.cli.gateway;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time that a program runs: until Ctrl-C or SIGTERM, or until a part of it can go on no
/// longer.
///
/// Of one thread, which starts the parts, awaits the end, closes the parts and then this. The
/// process stays until that is done.
final class Lifetime implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lifetime.class);

    private final Thread owner = Thread.currentThread();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration closeMax;
    private boolean isStarting = true;
    private volatile int exitCode;

    private Lifetime(Duration closeMax) {
        this.closeMax = closeMax;
    }

    /// Begins the lifetime of a program that the current thread runs.
    ///
    /// @param closeMax how long its parts may take to close before the process ends without them
    static Lifetime begin(Duration closeMax) {
        var lifetime = new Lifetime(closeMax);
        Runtime.getRuntime().addShutdownHook(new Thread(lifetime::stop, "stop"));
        return lifetime;
    }

    /// Ends the program as failed; `sentence` says why.
    void fail(String sentence) {
        log.error("{}", sentence);
        exitCode = 1;
        end.countDown();
    }

    /// Waits for the end, once all parts run; returns the exit code.
    int await() throws InterruptedException {
        synchronized (this) {
            isStarting = false;
        }
        end.await();
        return exitCode;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /// Runs while the JVM shuts down, which waits for it. A start under way is cut short; parts
    /// that run are left to close in peace.
    private void stop() {
        synchronized (this) {
            if (isStarting && closed.getCount() > 0) {
                owner.interrupt();
            }
        }
        end.countDown();
        try {
            if (!closed.await(closeMax.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("not everything closed within {}", closeMax);
            }
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }
}
