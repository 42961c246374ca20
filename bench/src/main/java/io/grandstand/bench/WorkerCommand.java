package io.grandstand.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// What the orchestrator tells a load worker: one JSON object a line on its standard input.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkerCommand.Open.class, name = "open"),
    @JsonSubTypes.Type(value = WorkerCommand.Begin.class, name = "begin"),
    @JsonSubTypes.Type(value = WorkerCommand.Publish.class, name = "publish"),
    @JsonSubTypes.Type(value = WorkerCommand.End.class, name = "end"),
    @JsonSubTypes.Type(value = WorkerCommand.OpenGame.class, name = "open-game"),
    @JsonSubTypes.Type(value = WorkerCommand.Play.class, name = "play"),
    @JsonSubTypes.Type(value = WorkerCommand.EndGame.class, name = "end-game")
})
sealed interface WorkerCommand {
    /// The name of the group it is about.
    String group();

    /// Connects a group of clients; answered by `Opened` once all of them are subscribed.
    ///
    /// @param port of the server, on this machine
    /// @param encrypted whether to connect by TLS, whatever certificate the server shows
    /// @param source the loopback address to connect from
    /// @param protobuf whether to speak Protobuf rather than JSON
    /// @param channel what client `i` subscribes to, `%d` standing for `i`; empty for a reference
    ///   server, to which a client only has to connect
    /// @param spread who gets which message
    /// @param clients how many there are in all workers together
    /// @param first the index of this worker's first one
    /// @param count how many this worker connects
    /// @param size bytes of the data of a message
    /// @param secret what tokens are signed with
    /// @param reads false for clients that never read again once they are subscribed, and which the
    ///   server may therefore close
    /// @param fallbackPort where clients reconnect to when their server dies, recovering what they
    ///   missed; 0 where a close is a failure
    record Open(
            String group,
            int port,
            boolean encrypted,
            String source,
            boolean protobuf,
            String channel,
            Spread spread,
            int clients,
            int first,
            int count,
            int size,
            String secret,
            boolean reads,
            int fallbackPort)
            implements WorkerCommand {}

    /// A window begins: what is counted starts at 0, but for the checks. Answered by `Begun`.
    ///
    /// @param startNs when, for the timeline
    /// @param tellLowest whether to tell of every message that all clients have (`Lowest`)
    record Begin(String group, long startNs, boolean tellLowest) implements WorkerCommand {}

    /// The group's own clients publish to each other by a schedule; only where all clients are in
    /// one worker.
    ///
    /// @param schedule when
    record Publish(String group, Schedule schedule) implements WorkerCommand {}

    /// Nothing more is sent; answered by `Ended` when everything has come, or time is up.
    ///
    /// @param sent messages so far, all windows together
    /// @param waitMs how long to wait for what has not come yet
    record End(String group, long sent, long waitMs) implements WorkerCommand {}

    /// Connects players of a game, each subscribed to the match's questions and the own results and
    /// leaderboards; answered by `Opened`.
    ///
    /// @param port of their gateway, on this machine
    /// @param source the loopback address to connect from
    /// @param players their numbers
    /// @param match the match they play
    /// @param secret what tokens are signed with
    record OpenGame(
            String group,
            int port,
            String source,
            boolean protobuf,
            List<Integer> players,
            String match,
            String secret)
            implements WorkerCommand {
        public OpenGame {
            players = List.copyOf(players);
        }
    }

    /// The players play by a plan; answered by a `Round` at the end of each round but the last.
    record Play(String group, GamePlan plan) implements WorkerCommand {}

    /// Nothing more is asked; answered by the last `Round` and `GameEnded` when everything has
    /// come, or time is up.
    ///
    /// @param waitMs how long to wait for what has not come yet
    record EndGame(String group, long waitMs) implements WorkerCommand {}
}
