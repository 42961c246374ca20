package io.grandstand.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.embedded.ClusterProblems.Step;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

final class ClusterProblemsTest {
    private final ClusterProblems problems =
            new ClusterProblems("kafka.example:9092", Duration.ofSeconds(10));

    @Test
    void aMissingRightIsNamedWithTheTopics() {
        check(
                Step.READ_SETTINGS,
                new TopicAuthorizationException(Set.of("result", "answer")),
                "The Kafka cluster at kafka.example:9092 does not let this user read the settings"
                        + " of the topics answer, result: grant DescribeConfigs on them.");
    }

    @Test
    void topicsMayBeCreatedBySomebodyElse() {
        check(
                Step.CREATE,
                new ClusterAuthorizationException("no"),
                "The Kafka cluster at kafka.example:9092 does not let this user create our topics:"
                        + " grant Create on them, or create them beforehand.");
    }

    @Test
    void refusedCredentialsAreSaid() {
        check(
                Step.DESCRIBE,
                new SaslAuthenticationException("Invalid username or password"),
                "The Kafka cluster at kafka.example:9092 refuses our credentials (Invalid username"
                        + " or password): check user, password and certificates in the Kafka"
                        + " configuration.");
    }

    @Test
    void anythingElseIsKafkasOwnSentence() {
        check(
                Step.CREATE,
                new InvalidReplicationFactorException("Replication factor 3 is too large."),
                "The Kafka cluster at kafka.example:9092 cannot create our topics: Replication"
                        + " factor 3 is too large.");
    }

    private void check(Step step, RuntimeException cause, String sentence) {
        assertThat(problems.refused(step, new ExecutionException(cause))).hasMessage(sentence);
    }
}
