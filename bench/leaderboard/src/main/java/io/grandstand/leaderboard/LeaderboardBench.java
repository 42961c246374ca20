package io.grandstand.leaderboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.Map;

/// Measures the leaderboard against a full sort.
///
/// `store PLAYERS DELTAS FOLDER` feeds the standings on their stores on disk, without a broker;
/// `broker PLAYERS DELTAS FOLDER` runs the service on a broker. Prints one JSON object; says on
/// standard error how far it is; ends with 1 where a rank is not that of the full sort.
public final class LeaderboardBench {
    private static final long SEED = 20261121;

    private LeaderboardBench() {}

    /// Runs one of the two.
    public static void main(String[] args) throws Exception {
        var game = new Game(SEED, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        Path folder = Path.of(args[3]);
        Map<String, Object> results =
                switch (args[0]) {
                    case "store" -> new StoreBench(game, folder).run();
                    case "broker" -> new BrokerBench(game, folder).run();
                    default ->
                            throw new IllegalArgumentException("store or broker, not " + args[0]);
                };
        System.out.println(
                new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(results));
        System.exit(Long.valueOf(0).equals(results.get("mismatches")) ? 0 : 1);
    }
}
