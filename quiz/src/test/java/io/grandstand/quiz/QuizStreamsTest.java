package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuizStreamsTest {
    private static final Map<String, Object> CLIENT =
            Map.of("bootstrap.servers", "127.0.0.1:1", "processing.guarantee", "at_least_once");

    @Test
    void isExactlyOnceWhateverTheClientConfigurationSays(@TempDir Path stateDir) {
        var config = new StreamsConfig(QuizStreams.config(CLIENT, stateDir, 3));
        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
                .isEqualTo(StreamsConfig.EXACTLY_ONCE_V2);
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("session.timeout.ms", 6_000)
                .containsEntry("auto.offset.reset", "earliest");
        assertThat(config.getProducerConfigs("client"))
                .containsEntry("linger.ms", 1)
                .containsEntry("transaction.timeout.ms", 60_000);
    }

    @Test
    void closesBeforeItStartedAndTwice(@TempDir Path stateDir) {
        var quiz = new QuizStreams(CLIENT, stateDir, 1);
        assertThat(quiz.state()).isEqualTo(State.CREATED);
        quiz.close();
        quiz.close();
        assertThat(quiz.state()).isEqualTo(State.NOT_RUNNING);
        assertThat(quiz.isRunning()).isFalse();
    }

    @Test
    void whatIsRetriableReplacesTheThreadAndAllElseStops() {
        assertThat(QuizStreams.onFailure(new StreamsException(new TimeoutException("slow"))))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(QuizStreams.onFailure(new StreamsException(new IllegalStateException("bug"))))
                .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    }

    @Test
    void needsAThread(@TempDir Path stateDir) {
        assertThatThrownBy(() -> new QuizStreams(CLIENT, stateDir, 0).close())
                .hasMessage("threads is 0: must be 1 or more");
    }
}
