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
    @JsonSubTypes.Type(value = Scenario.Storm.class, name = "storm")
})
sealed interface Scenario {
    /// One sentence for people.
    String description();

    /// What the figures are held against.
    List<Goal> goals();

    /// The same with few clients and short windows: for checks of the counts, not of speed.
    Scenario small();

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
                    servers,
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
    record Idle(
            String description,
            int clients,
            Format format,
            int partitions,
            int runs,
            List<Goal> goals)
            implements Scenario {
        public Idle {
            require(clients >= 1, "clients is %d: must be 1 or more", clients);
            require(partitions >= 1, "partitions is %d: must be 1 or more", partitions);
            require(runs >= 1, "runs is %d: must be 1 or more", runs);
            goals = List.copyOf(goals);
        }

        @Override
        public Idle small() {
            return new Idle(description, Math.min(clients, 40), format, partitions, 1, goals);
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
