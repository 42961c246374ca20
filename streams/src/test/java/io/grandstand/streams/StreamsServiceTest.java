package io.grandstand.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsServiceTest {
    private static final Map<String, Object> CLIENT =
            Map.of("bootstrap.servers", "127.0.0.1:1", "processing.guarantee", "at_least_once");

    @Test
    void isExactlyOnceWhateverTheClientConfigurationSays(@TempDir Path stateDir) {
        var config = new StreamsConfig(StreamsService.config("a", CLIENT, stateDir, 3));
        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
                .isEqualTo(StreamsConfig.EXACTLY_ONCE_V2);
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("session.timeout.ms", 6_000)
                .containsEntry("auto.offset.reset", "earliest");
        assertThat(config.getProducerConfigs("client"))
                .containsEntry("linger.ms", 5)
                .containsEntry("transaction.timeout.ms", 30_000);
    }

    @Test
    void closesBeforeItStartedAndTwice(@TempDir Path stateDir) {
        StreamsService service = service(stateDir, 1);
        assertThat(service.state()).isEqualTo(State.CREATED);
        service.close();
        service.close();
        assertThat(service.state()).isEqualTo(State.NOT_RUNNING);
        assertThat(service.isRunning()).isFalse();
    }

    @Test
    void onlyWhatKafkaCallsRetriableIsTriedAgain() {
        assertThat(StreamsService.isRetriable(new StreamsException(new TimeoutException("slow"))))
                .isTrue();
        assertThat(
                        StreamsService.isRetriable(
                                new StreamsException(new IllegalStateException("bug"))))
                .isFalse();
    }

    @Test
    void needsAThread(@TempDir Path stateDir) {
        assertThatThrownBy(() -> service(stateDir, 0).close())
                .hasMessage("threads is 0: must be 1 or more");
    }

    @Test
    void standbysAndTheAddressForQueriesAreOptions(@TempDir Path stateDir) {
        var topology = new Topology();
        topology.addSource("in", "in");
        var options =
                new StreamsOptions(1, 1, new HostInfo("boards-1.example", 8081), progress -> {});
        assertThat(StreamsService.config("a", CLIENT, stateDir, options))
                .containsEntry("num.standby.replicas", 1)
                .containsEntry("application.server", "boards-1.example:8081");
        try (var service =
                new StreamsService("a", topology, CLIENT, stateDir, options, sentence -> {})) {
            assertThat(service.state()).isEqualTo(State.CREATED);
            assertThatThrownBy(() -> service.store("scores", 0))
                    .isInstanceOf(InvalidStateStoreException.class);
        }
        assertThatThrownBy(() -> new StreamsOptions(1, 11, null, progress -> {}))
                .hasMessage("standbyReplicas is 11: must be 0 to 10");
    }

    private static StreamsService service(Path stateDir, int threads) {
        var topology = new Topology();
        topology.addSource("in", "in");
        return new StreamsService("a", topology, CLIENT, stateDir, threads, sentence -> {});
    }
}
