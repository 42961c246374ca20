package io.grandstand.embedded;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server$;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Controller and broker of one KRaft node, put together as Kafka's own server does, but for one
/// thing: the broker starts only once the metadata say that its former life is over.
///
/// After a crash the metadata still say that the partitions have a leader, at the former port. A
/// broker that starts at once takes over the transactions on that word; those whose commit was
/// decided but not yet written to their partitions cannot be written there. When the controller
/// then finds the former broker gone, the partitions have no leader for a moment, which Kafka 4.3's
/// transaction coordinator takes for "deleted": it counts the transactions as complete, and their
/// records stay undecided for ever. Nobody who reads committed records alone, as Kafka Streams
/// does, comes past them again. Where the partitions have no leader from the start, the
/// transactions are taken over together with the partitions, and are ended as they should.
final class KraftNode {
    /// Far more than the session timeout, after which the controller gives a broker up by itself.
    private static final long FORMER_LIFE_MS_MAX = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(KraftNode.class);

    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    KraftNode(KafkaConfig config) {
        var logDirs = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        var properties = logDirs._1();
        QuorumConfig quorum = config.quorumConfig();
        shared =
                new SharedServer(
                        config,
                        properties,
                        Time.SYSTEM,
                        Server$.MODULE$.initializeMetrics(
                                config, Time.SYSTEM, properties.clusterId().orElseThrow()),
                        CompletableFuture.completedFuture(
                                QuorumConfig.parseVoterConnections(quorum.voters())),
                        QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
                        new StandardFaultHandlerFactory(),
                        ServerSocketFactory.INSTANCE);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), logDirs._2());
        broker = new BrokerServer(shared);
    }

    /// Starts and waits until clients are served.
    void startup() {
        controller.startup();
        awaitEndOfFormerLife();
        broker.startup();
    }

    /// Stops what was started, and waits for it.
    void shutdown() {
        broker.shutdown();
        controller.shutdown();
        broker.awaitShutdown();
        controller.awaitShutdown();
    }

    private void awaitEndOfFormerLife() {
        var formerLife = new FormerLife(controller.controller());
        shared.loader().installPublishers(List.of(formerLife)).join();
        boolean hasEnded =
                formerLife
                        .ended
                        .completeOnTimeout(false, FORMER_LIFE_MS_MAX, TimeUnit.MILLISECONDS)
                        .join();
        if (!hasEnded) {
            throw new IllegalStateException("its controller does not give the former broker up");
        }
        shared.loader().removeAndClosePublisher(formerLife).join();
    }

    /// Follows the metadata until they do not say that the broker is alive. The folder's lock says
    /// that it is not: the controller is asked to forget it, and need not wait for its session to
    /// end.
    private static final class FormerLife implements MetadataPublisher {
        final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private final Controller controller;

        FormerLife(Controller controller) {
            this.controller = controller;
        }

        @Override
        public String name() {
            return "FormerLife";
        }

        @Override
        public void onMetadataUpdate(
                MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            BrokerRegistration former = image.cluster().broker(DataFolder.NODE_ID);
            if (former == null || former.fenced()) {
                ended.complete(true);
            } else {
                // Too early, it refuses; the next update, in half a second at most, asks again.
                var _ =
                        controller.unregisterBroker(
                                new ControllerRequestContext(
                                        new RequestHeaderData(),
                                        KafkaPrincipal.ANONYMOUS,
                                        OptionalLong.empty()),
                                DataFolder.NODE_ID);
            }
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
