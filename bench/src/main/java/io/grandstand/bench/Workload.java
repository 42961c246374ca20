package io.grandstand.bench;

/// What is to be sized: an audience at its largest, and the machines it is to be served from.
///
/// @param players connected at once; 1 or more
/// @param roundSeconds from one question to the next
/// @param answerSeconds how long a question is open
/// @param answerShare of the players who answer a question, 0 to 1
/// @param topShare of the players who ask for their rank in a round, 0 to 1
/// @param broadcasts messages to every player in a round: question versions, balls, scoreboards
/// @param burst how many times the mean of the answer seconds the busiest second has; 1 or more
/// @param hoursPerDay how long it is played on a day; up to 24
/// @param placed whether the load balancer sends players by their shard, so that a partition of
///   results is read by one gateway rather than by all
/// @param replication copies of each record in Kafka
public record Workload(
        long players,
        double roundSeconds,
        double answerSeconds,
        double answerShare,
        double topShare,
        double broadcasts,
        double burst,
        double hoursPerDay,
        boolean placed,
        int replication,
        Node node) {

    public Workload {
        require(players >= 1, "players", players, "1 or more");
        require(roundSeconds > 0, "round-seconds", roundSeconds, "more than 0");
        require(
                answerSeconds > 0 && answerSeconds <= roundSeconds,
                "answer-seconds",
                answerSeconds,
                "more than 0 and at most round-seconds");
        require(answerShare >= 0 && answerShare <= 1, "answer-share", answerShare, "0 to 1");
        require(topShare >= 0 && topShare <= 1, "top-share", topShare, "0 to 1");
        require(broadcasts >= 0, "broadcasts", broadcasts, "0 or more");
        require(burst >= 1, "burst", burst, "1 or more");
        require(hoursPerDay > 0 && hoursPerDay <= 24, "hours-a-day", hoursPerDay, "up to 24");
        require(replication >= 1, "replication", replication, "1 or more");
    }

    /// A machine that runs one gateway.
    ///
    /// @param cores as fast as those of the measurements
    public record Node(int cores, double memoryGb, double gigabitsPerSecond) {
        public Node {
            require(cores >= 1, "node-cores", cores, "1 or more");
            require(memoryGb > 0, "node-memory-gb", memoryGb, "more than 0");
            require(gigabitsPerSecond > 0, "node-gbit", gigabitsPerSecond, "more than 0");
        }
    }

    /// The workload of a measured run of the game: this one, except for what the run's parameters
    /// say, by the names of the options of `grandstand size`.
    Workload of(RunResult run) {
        return new Workload(
                (long) parameter(run, "players", (double) players),
                parameter(run, "round-seconds", roundSeconds),
                parameter(run, "answer-seconds", answerSeconds),
                parameter(run, "answer-share", answerShare),
                parameter(run, "top-share", topShare),
                parameter(run, "broadcasts", broadcasts),
                burst,
                hoursPerDay,
                placed,
                replication,
                node);
    }

    private static double parameter(RunResult run, String name, double otherwise) {
        return run.parameters().get(name) instanceof Number number
                ? number.doubleValue()
                : otherwise;
    }

    /// Publishes of one player in a round: answers and rank requests.
    double publishes() {
        return answerShare + topShare;
    }

    /// Messages to one player alone in a round: a receipt and a score for each answer, and ranks.
    double privates() {
        return 2 * answerShare + topShare;
    }

    /// How many times in a second something happens that each player does `perRound` times.
    double perSecond(double perRound) {
        return players * perRound / roundSeconds;
    }

    /// Answers in the busiest second.
    double peakAnswersPerSecond() {
        return players * answerShare / answerSeconds * burst;
    }

    private static void require(boolean holds, String name, Number value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s is %s: must be %s".formatted(name, value, bound));
        }
    }
}
