package io.grandstand.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/// What can go wrong with somebody's cluster, told to the person who named it.
///
/// @param address the bootstrap servers as given
/// @param timeout how long we waited
record ClusterProblems(String address, Duration timeout) {
    /// What we ask of a cluster, and the right it takes.
    enum Step {
        DESCRIBE("describe", "Describe", ""),
        CREATE("create", "Create", ", or create them beforehand"),
        READ_SETTINGS("read the settings of", "DescribeConfigs", "");

        private final String verb;
        private final String right;
        private final String otherwise;

        Step(String verb, String right, String otherwise) {
            this.verb = verb;
            this.right = right;
            this.otherwise = otherwise;
        }
    }

    ClusterException refused(Step step, ExecutionException reply) {
        Throwable cause = reply.getCause() == null ? reply : reply.getCause();
        return switch (cause) {
            case AuthenticationException e ->
                    problem(
                            ("The Kafka cluster at %s refuses our credentials (%s): check user,"
                                 + " password and certificates in the Kafka configuration.")
                                    .formatted(address, e.getMessage()),
                            e);
            case AuthorizationException e ->
                    problem(
                            ("The Kafka cluster at %s does not let this user %s %s: grant "
                                            + "%s on them%s.")
                                    .formatted(
                                            address,
                                            step.verb,
                                            topics(e),
                                            step.right,
                                            step.otherwise),
                            e);
            case TimeoutException e -> unreachable(e);
            default ->
                    problem(
                            "The Kafka cluster at %s cannot %s our topics: %s"
                                    .formatted(address, step.verb, cause.getMessage()),
                            cause);
        };
    }

    ClusterException badConfiguration(KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return problem(
                "The Kafka configuration for %s cannot be used: %s"
                        .formatted(address, cause.getMessage()),
                e);
    }

    ClusterException notUsable(List<String> topics) {
        return problem(
                ("The Kafka cluster at %s has no leader for the topics %s after %s: check "
                                + "that all its brokers run.")
                        .formatted(address, String.join(", ", topics), inSeconds()),
                new TimeoutException());
    }

    ClusterException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return problem("Interrupted while setting up the topics at %s.".formatted(address), e);
    }

    private ClusterException unreachable(Throwable cause) {
        return problem(
                ("No Kafka broker answers at %s within %s: check the address, that the cluster"
                     + " runs, and that the addresses it advertises can be reached from here.")
                        .formatted(address, inSeconds()),
                cause);
    }

    private String inSeconds() {
        return timeout.toSeconds() + " s";
    }

    private static String topics(AuthorizationException e) {
        Set<String> topics =
                e instanceof TopicAuthorizationException on
                        ? new TreeSet<>(on.unauthorizedTopics())
                        : Set.of();
        return topics.isEmpty() ? "our topics" : "the topics " + String.join(", ", topics);
    }

    private static ClusterException problem(String message, Throwable cause) {
        return new ClusterException(message, cause);
    }
}
