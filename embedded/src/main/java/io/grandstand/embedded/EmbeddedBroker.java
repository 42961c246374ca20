package io.grandstand.embedded;

import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real Apache Kafka broker inside this process: one KRaft node, reachable from this machine
/// only.
///
/// What was acknowledged survives restarts and the death of the process; of a machine that loses
/// power, as much as its disk had. All of Kafka's internal classes stay behind this one and its
/// data folder.
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    /// How often to look for free ports: between finding and using one, somebody else may take it.
    private static final int PORT_ATTEMPTS_MAX = 5;

    /// A sound broker stops in half a second; one that met a fault may never.
    private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

    private static final Duration CLOSE_MAX_AFTER_FAULT = Duration.ofSeconds(3);

    private static final Executor DAEMON =
            task -> Thread.ofPlatform().daemon().name("embedded-broker").start(task);

    private final DataFolder folder;
    private final BrokerFaults faults;
    private final KraftNode server;
    private final int port;
    private boolean closed;

    private EmbeddedBroker(DataFolder folder, BrokerFaults faults, KraftNode server, int port) {
        this.folder = folder;
        this.faults = faults;
        this.server = server;
        this.port = port;
    }

    /// Starts a broker and waits until it serves clients, usually two seconds, after a crash four.
    ///
    /// @param dataDir the broker's own folder; created where it is missing
    /// @param port the port for clients on the loopback address; 0 for any free one
    /// @param onFatal told one sentence, at most once and on a thread of its own, when the broker
    ///   can go on no longer; the process should end soon after
    /// @throws BrokerStartException if it cannot start; the message says what to do
    public static EmbeddedBroker start(Path dataDir, int port, Consumer<String> onFatal) {
        return start(dataDir, port, onFatal, UsableSpace.OF_THE_DISK);
    }

    static EmbeddedBroker start(
            Path dataDir, int port, Consumer<String> onFatal, UsableSpace space) {
        DataFolder folder = DataFolder.open(dataDir, space);
        try {
            EmbeddedBroker broker = start(folder, port, space);
            var _ = broker.faults.first().thenAcceptAsync(onFatal, DAEMON);
            return broker;
        } catch (BrokerStartException e) {
            folder.close();
            throw e;
        }
    }

    /// Where clients connect: `127.0.0.1:9092`.
    public String bootstrapServers() {
        return BrokerSettings.HOST + ":" + port;
    }

    /// Stops the broker and lets others have its data. Closing twice is harmless.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (stop(server, faults)) {
            folder.close();
        } else {
            // Its threads may still write: the folder stays locked until the process ends.
            LOG.warn("The Kafka broker on {} does not stop.", folder.path());
        }
        faults.close();
    }

    private static EmbeddedBroker start(DataFolder folder, int wantedPort, UsableSpace space) {
        for (int attempt = 1; ; attempt++) {
            Ports ports = Ports.find(wantedPort);
            BrokerFaults faults = BrokerFaults.listen(folder, space);
            try {
                KraftNode server = launch(folder, ports, faults);
                LOG.info("Kafka broker at port {}, data in {}", ports.clients(), folder.path());
                return new EmbeddedBroker(folder, faults, server, ports.clients());
            } catch (RuntimeException e) {
                faults.close();
                if (faults.first().isDone()) {
                    throw new BrokerStartException(faults.first().join(), e);
                }
                if (!isPortTaken(e)) {
                    throw cannotStart(folder, e);
                }
                if (attempt == PORT_ATTEMPTS_MAX) {
                    throw Ports.taken(ports.clients(), e);
                }
            }
        }
    }

    /// A start that a fault interrupts may never return, so it has a thread of its own.
    private static KraftNode launch(DataFolder folder, Ports ports, BrokerFaults faults) {
        var config =
                new KafkaConfig(
                        BrokerSettings.of(folder.kafka(), ports.clients(), ports.controller()));
        var server = new KraftNode(config);
        var started = CompletableFuture.runAsync(server::startup, DAEMON);
        try {
            CompletableFuture.anyOf(started, faults.first()).join();
            if (faults.first().isDone()) {
                throw new IllegalStateException(faults.first().join());
            }
            return server;
        } catch (RuntimeException e) {
            stop(server, faults);
            throw e;
        }
    }

    /// Whether the server has stopped.
    private static boolean stop(KraftNode server, BrokerFaults faults) {
        Duration max = faults.first().isDone() ? CLOSE_MAX_AFTER_FAULT : CLOSE_MAX;
        try {
            return CompletableFuture.runAsync(server::shutdown, DAEMON)
                    .thenApply(_ -> true)
                    .completeOnTimeout(false, max.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            LOG.warn("The Kafka broker stopped with a fault", e.getCause());
            return false;
        }
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static BrokerStartException cannotStart(DataFolder folder, RuntimeException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new BrokerStartException(
                ("The Kafka broker cannot start on %s: %s. Should its data be damaged, "
                                + "move the folder away to start afresh.")
                        .formatted(folder.path(), String.valueOf(cause.getMessage())),
                failure);
    }
}
