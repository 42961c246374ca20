package io.grandstand.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;

/// What is measured: one file of `bench/scenarios`. Every key must be there, and no other.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Scenario.Compare.class, name = "compare"),
    @JsonSubTypes.Type(value = Scenario.Publish.class, name = "publish"),
    @JsonSubTypes.Type(value = Scenario.Idle.class, name = "idle"),
    @JsonSubTypes.Type(value = Scenario.Storm.class, name = "storm"),
    @JsonSubTypes.Type(value = Scenario.Game.class, name = "game")
})
sealed interface Scenario {
    /// One sentence for people.
    String description();

    /// What the figures are held against.
    List<Goal> goals();

    /// The same with few clients and short windows: for checks of the counts, not of speed.
    Scenario small();

    /// The most runs of a scenario in the suite, where each starts gateways of its own.
    int SUITE_RUNS_MAX = 3;

    /// The same as the suite runs it, so that all of them take less than twenty minutes.
    Scenario inSuite();

    /// Several servers get the same messages; each has its own clients, all connected all the time,
    /// and their windows take turns.
    ///
    /// @param spread whether each message is for all clients, or clients have channels of their own
    /// @param clients of each server
    /// @param silentClients that never read, beside the others; only of servers that have them
    /// @param size bytes of a message's data
    record Compare(
            String description,
            Spread spread,
            int clients,
            int silentClients,
            int size,
            Format format,
            Load load,
            int partitions,
            List<Kind> servers,
            Windows windows,
            List<Goal> goals)
            implements Scenario {
        public Compare {
            require(clients >= 1, "clients is %d: must be 1 or more", clients);
            require(silentClients >= 0, "silent-clients is %d: must be 0 or more", silentClients);
            requireSize(size);
            require(partitions >= 1, "partitions is %d: must be 1 or more", partitions);
            require(!servers.isEmpty(), "servers is empty: name one or more");
            require(
                    spread == Spread.EVERYONE || load.outstanding() == 0,
                    "load.outstanding needs spread: everyone");
            servers = List.copyOf(servers);
            goals = List.copyOf(goals);
        }

        @Override
        public Compare inSuite() {
            return new Compare(
                    description,
                    spread,
                    clients,
                    silentClients,
                    size,
                    format,
                    load,
                    partitions,
                    servers,
                    windows.inSuite(),
                    goals);
        }

        @Override
        public Compare small() {
            return new Compare(
                    description,
                    spread,
                    Math.min(clients, 40),
                    Math.min(silentClients, 2),
                    size,
                    format,
                    load.small(),
                    partitions,
                    // One scenario with every server is enough: the saturated one.
                    load.outstanding() > 0
                            ? servers
                            : servers.subList(0, Math.min(servers.size(), 2)),
                    windows.small(),
                    goals);
        }
    }

    /// Clients of a gateway publish to each other's channels, by a schedule.
    record Publish(
            String description,
            int clients,
            int size,
            Format format,
            double perSecond,
            int partitions,
            Windows windows,
            List<Goal> goals)
            implements Scenario {
        public Publish {
            require(
                    clients >= 2 && clients <= LoadWorker.CONNECTIONS_MAX,
                    "clients is %d: must be 2 to %d",
                    clients,
                    LoadWorker.CONNECTIONS_MAX);
            requireSize(size);
            require(perSecond > 0, "per-second is %s: must be above 0", perSecond);
            require(partitions >= 1, "partitions is %d: must be 1 or more", partitions);
            goals = List.copyOf(goals);
        }

        @Override
        public Publish inSuite() {
            return new Publish(
                    description,
                    clients,
                    size,
                    format,
                    perSecond,
                    partitions,
                    windows.inSuite(),
                    goals);
        }

        @Override
        public Publish small() {
            return new Publish(
                    description,
                    Math.min(clients, 20),
                    size,
                    format,
                    Math.min(perSecond, 200),
                    partitions,
                    windows.small(),
                    goals);
        }
    }

    /// Connections stand, each with a subscription, and nothing is sent.
    ///
    /// @param runs how many gateways are started and measured, one after the other
    /// @param idleSeconds how long connections stand before they are measured
    record Idle(
            String description,
            int clients,
            Format format,
            int partitions,
            int runs,
            double idleSeconds,
            List<Goal> goals)
            implements Scenario {
        public Idle {
            require(clients >= 1, "clients is %d: must be 1 or more", clients);
            require(partitions >= 1, "partitions is %d: must be 1 or more", partitions);
            require(runs >= 1, "runs is %d: must be 1 or more", runs);
            require(idleSeconds >= 0, "idle-seconds is %s: must be 0 or more", idleSeconds);
            goals = List.copyOf(goals);
        }

        @Override
        public Idle inSuite() {
            return new Idle(
                    description,
                    clients,
                    format,
                    partitions,
                    Math.min(runs, SUITE_RUNS_MAX),
                    idleSeconds,
                    goals);
        }

        @Override
        public Idle small() {
            return new Idle(description, Math.min(clients, 40), format, partitions, 1, 0, goals);
        }
    }

    /// One of two gateways is killed; its clients, each with a channel of its own, go to the other
    /// one and recover.
    ///
    /// @param perSecond messages to all channels together, before and after
    /// @param runs how often, each time with two new gateways
    /// @param secondsBefore of messages before the kill
    /// @param secondsAfter of messages after it
    record Storm(
            String description,
            int clients,
            int size,
            Format format,
            double perSecond,
            int partitions,
            int runs,
            double secondsBefore,
            double secondsAfter,
            List<Goal> goals)
            implements Scenario {
        public Storm {
            require(clients >= 1, "clients is %d: must be 1 or more", clients);
            requireSize(size);
            require(perSecond > 0, "per-second is %s: must be above 0", perSecond);
            require(partitions >= 1, "partitions is %d: must be 1 or more", partitions);
            require(runs >= 1, "runs is %d: must be 1 or more", runs);
            require(
                    secondsBefore > 0 && secondsAfter > 0,
                    "seconds-before is %s, seconds-after is %s: both must be above 0",
                    secondsBefore,
                    secondsAfter);
            goals = List.copyOf(goals);
        }

        @Override
        public Storm inSuite() {
            return new Storm(
                    description,
                    clients,
                    size,
                    format,
                    perSecond,
                    partitions,
                    Math.min(runs, SUITE_RUNS_MAX),
                    secondsBefore,
                    secondsAfter,
                    goals);
        }

        @Override
        public Storm small() {
            return new Storm(
                    description,
                    Math.min(clients, 40),
                    size,
                    format,
                    Math.min(perSecond, 200),
                    partitions,
                    1,
                    Math.min(secondsBefore, 0.5),
                    Math.min(secondsAfter, 2),
                    goals);
        }
    }

    /// The game itself: questions, answers, receipts, scores and leaderboards, with the services
    /// behind the gateways. `GamePlan` has a round's course.
    ///
    /// @param players of all gateways together, each at the one that their partition belongs to
    /// @param answerSeconds how long players take to answer at most
    /// @param answerShare of the players who answer a question, 0 to 1
    /// @param topShare of the players who ask for the leaderboard in a round, 0 to 1
    /// @param rounds that are measured
    /// @param suiteRounds as many of them in the suite
    /// @param warmupRounds before those, of which only the checks count
    /// @param gatewayHeapMb the most heap of a gateway; 0 for the JVM's own choice
    /// @param partitions of the topics that are keyed by player
    record Game(
            String description,
            int players,
            double roundSeconds,
            double answerSeconds,
            double answerShare,
            double topShare,
            int rounds,
            int suiteRounds,
            int warmupRounds,
            int gateways,
            int gatewayHeapMb,
            int partitions,
            Format format,
            long seed,
            List<Goal> goals)
            implements Scenario {
        public Game {
            require(players >= 1, "players is %d: must be 1 or more", players);
            require(answerSeconds > 0, "answer-seconds is %s: must be above 0", answerSeconds);
            require(
                    roundSeconds >= answerSeconds + GamePlan.SETTLE_SECONDS,
                    "round-seconds is %s: must be answer-seconds and %s more",
                    roundSeconds,
                    GamePlan.SETTLE_SECONDS);
            require(
                    answerShare >= 0 && answerShare <= 1 && topShare >= 0 && topShare <= 1,
                    "answer-share is %s, top-share is %s: both must be 0 to 1",
                    answerShare,
                    topShare);
            require(rounds >= 1, "rounds is %d: must be 1 or more", rounds);
            require(
                    suiteRounds >= 1 && suiteRounds <= rounds,
                    "suite-rounds is %d: must be 1 to rounds",
                    suiteRounds);
            require(warmupRounds >= 0, "warmup-rounds is %d: must be 0 or more", warmupRounds);
            require(gateways >= 1, "gateways is %d: must be 1 or more", gateways);
            require(
                    partitions >= gateways,
                    "partitions is %d: must be gateways or more",
                    partitions);
            require(gatewayHeapMb >= 0, "gateway-heap-mb is %d: must be 0 or more", gatewayHeapMb);
            goals = List.copyOf(goals);
        }

        @Override
        public Game small() {
            return new Game(
                    description,
                    Math.min(players, 200),
                    Math.min(roundSeconds, 1 + GamePlan.SETTLE_SECONDS),
                    Math.min(answerSeconds, 1),
                    answerShare,
                    Math.max(topShare, 0.1),
                    Math.min(rounds, gateways == 1 ? 2 : 1),
                    1,
                    1,
                    Math.min(gateways, 2),
                    gatewayHeapMb,
                    partitions,
                    format,
                    seed,
                    goals);
        }

        @Override
        public Game inSuite() {
            return new Game(
                    description,
                    players,
                    roundSeconds,
                    answerSeconds,
                    answerShare,
                    topShare,
                    suiteRounds,
                    suiteRounds,
                    warmupRounds,
                    gateways,
                    gatewayHeapMb,
                    partitions,
                    format,
                    seed,
                    goals);
        }
    }

    /// How messages are sent; one of the two is 0.
    ///
    /// @param perSecond messages a second, whatever comes back
    /// @param outstanding as fast as it goes, with at most so many messages that not everybody has
    record Load(double perSecond, int outstanding) {
        public Load {
            require(
                    perSecond >= 0 && outstanding >= 0 && (perSecond > 0) != (outstanding > 0),
                    "load has per-second %s and outstanding %d: one must be above 0, the other 0",
                    perSecond,
                    outstanding);
            require(
                    outstanding <= OUTSTANDING_MAX,
                    "load.outstanding is %d: must be %d or less",
                    outstanding,
                    OUTSTANDING_MAX);
        }

        private static final int OUTSTANDING_MAX = 512;

        Load small() {
            return perSecond == 0 ? this : new Load(Math.min(perSecond, 200), 0);
        }
    }

    /// When is measured.
    ///
    /// @param count how many windows each server has
    /// @param seconds of sending in one window
    /// @param warmupSeconds of sending before the first one
    record Windows(int count, double seconds, double warmupSeconds) {
        public Windows {
            require(count >= 1, "windows.count is %d: must be 1 or more", count);
            require(
                    seconds > 0 && warmupSeconds >= 0,
                    "windows.seconds is %s, warmup-seconds is %s: must be above 0, and 0 or more",
                    seconds,
                    warmupSeconds);
        }

        Windows inSuite() {
            return new Windows(count, Math.min(seconds, 3), Math.min(warmupSeconds, 20));
        }

        Windows small() {
            return new Windows(2, Math.min(seconds, 0.5), Math.min(warmupSeconds, 0.2));
        }
    }

    /// What a figure is held against; lower is better.
    ///
    /// @param figure of a window, such as `cpuUsPerDelivery` or `p99Ms`
    /// @param server whose
    /// @param to the server whose figure it is divided by, window by window; empty for none
    /// @param bar what it must not exceed
    /// @param aim what would be better still
    record Goal(String figure, Kind server, String to, double bar, double aim) {
        String name() {
            return to.isEmpty()
                    ? "%s of %s".formatted(figure, server.label())
                    : "%s of %s to %s".formatted(figure, server.label(), to);
        }
    }

    enum Format {
        @JsonProperty("json")
        JSON,
        @JsonProperty("protobuf")
        PROTOBUF
    }

    /// A server that can be measured.
    enum Kind {
        @JsonProperty("gateway")
        GATEWAY,
        /// A gateway which has silent clients besides.
        @JsonProperty("gateway-with-silent")
        GATEWAY_WITH_SILENT,
        /// A gateway whose clients connect by TLS.
        @JsonProperty("gateway-tls")
        GATEWAY_TLS,
        /// One `send()` for each message and connection.
        @JsonProperty("raw-plain")
        RAW_PLAIN,
        /// Waiting messages of a connection joined into one `send()`.
        @JsonProperty("raw-joined")
        RAW_JOINED,
        /// What one would write in a day.
        @JsonProperty("netty")
        NETTY;

        /// The name in files and tables.
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean isGateway() {
            return this == GATEWAY || this == GATEWAY_WITH_SILENT || this == GATEWAY_TLS;
        }

        boolean isEncrypted() {
            return this == GATEWAY_TLS;
        }

        boolean isCompiledAhead() {
            return this == RAW_PLAIN || this == RAW_JOINED;
        }
    }

    private static void requireSize(int size) {
        require(
                size >= Payload.BYTES_MIN,
                "size is %d: must be %d or more",
                size,
                Payload.BYTES_MIN);
    }

    private static void require(boolean holds, String problem, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(problem.formatted(values));
        }
    }
}
