package io.grandstand.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.grandstand.bench.RunResult.Checks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a load worker tells the orchestrator: one JSON object a line on its standard output.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkerEvent.Started.class, name = "started"),
    @JsonSubTypes.Type(value = WorkerEvent.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = WorkerEvent.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = WorkerEvent.Lowest.class, name = "lowest"),
    @JsonSubTypes.Type(value = WorkerEvent.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = WorkerEvent.Round.class, name = "round"),
    @JsonSubTypes.Type(value = WorkerEvent.GameEnded.class, name = "game-ended"),
    @JsonSubTypes.Type(value = WorkerEvent.Problem.class, name = "problem")
})
sealed interface WorkerEvent {
    /// The first line.
    ///
    /// @param descriptorsMax the process's limit of open files
    record Started(long descriptorsMax) implements WorkerEvent {}

    /// All of a group's clients are subscribed.
    record Opened(String group, int count) implements WorkerEvent {}

    /// The group counts what comes from now on.
    record Begun(String group) implements WorkerEvent {}

    /// All clients of the group have the messages before this number.
    record Lowest(String group, long next) implements WorkerEvent {}

    /// A window is over.
    ///
    /// @param deliveries messages that came, each counted once a client
    /// @param lastNs when the last one came; 0 without any
    /// @param latency from the intended time: an HDR histogram of microseconds, compressed
    /// @param acknowledged likewise, to the answer of a publish; null where none was made
    /// @param checks of all windows so far
    /// @param slots deliveries in each 100 ms of the window
    /// @param slotMaxUs the highest latency in each
    /// @param back how the clients came back from a server's death; null where none had to
    record Ended(
            String group,
            long deliveries,
            long lastNs,
            byte[] latency,
            byte @Nullable [] acknowledged,
            Checks checks,
            List<Long> slots,
            List<Long> slotMaxUs,
            @Nullable Back back)
            implements WorkerEvent {}

    /// How clients came back.
    ///
    /// @param clients how many had to
    /// @param subscribed how many are subscribed again
    /// @param unrecovered how many were told that something is missing
    /// @param subscribedNs when the last one was subscribed again
    /// @param completeNs when the last one had everything that was sent before it was subscribed
    ///   again
    record Back(int clients, int subscribed, int unrecovered, long subscribedNs, long completeNs) {}

    /// A round of the game is over.
    ///
    /// @param published answers and requests for the leaderboard that were sent
    /// @param deliveries messages that came, each counted once a player
    /// @param latency from the intended times, of all deliveries: an HDR histogram of microseconds,
    ///   compressed
    /// @param acknowledged likewise, from when a publish was meant to its answer
    /// @param kinds likewise, of the deliveries of each kind that came
    /// @param slots deliveries in each 100 ms of the round
    /// @param slotMaxUs the highest latency in each
    record Round(
            String group,
            int round,
            long published,
            long deliveries,
            byte[] latency,
            byte[] acknowledged,
            Map<GameCounts.Kind, byte[]> kinds,
            List<Long> slots,
            List<Long> slotMaxUs)
            implements WorkerEvent {}

    /// The game is over.
    ///
    /// @param checks of all rounds, those to warm up included
    /// @param early receipts that said that the question was not known yet
    /// @param behind leaderboards that did not have yet what the player was told before asking
    /// @param putOff requests for the leaderboard that were to be repeated later
    /// @param wrong messages that did not say what they had to
    /// @param examples some of what was wrong or lost, as sentences
    record GameEnded(
            String group,
            Checks checks,
            long early,
            long behind,
            long putOff,
            long wrong,
            List<String> examples)
            implements WorkerEvent {}

    /// The run cannot be a good one.
    record Problem(String group, String sentence) implements WorkerEvent {}
}
