package io.grandstand.bench;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What is counted of players' messages in one round. Confined to one thread.
final class GameCounts {
    /// What a player is told.
    enum Kind {
        /// A version of a question, from when it was meant to be sent.
        QUESTION,
        /// That an answer was accepted, from when it was meant to be sent.
        RECEIPT,
        /// The score, from when the question was meant to be resolved.
        RESULT,
        /// The leaderboard, from when it was meant to be asked for.
        TOP
    }

    private final Counts all;
    private final Map<Kind, Histogram> kinds = new EnumMap<>(Kind.class);
    private long published;

    /// Nothing is counted yet.
    ///
    /// @param startNs when the round began, for the timeline
    GameCounts(long startNs) {
        all = new Counts(startNs);
    }

    void delivered(Kind kind, long intendedNs, long nowNs) {
        all.delivered(intendedNs, nowNs);
        kinds.computeIfAbsent(kind, _ -> Counts.histogram())
                .recordValue(Counts.microseconds(intendedNs, nowNs));
    }

    void published() {
        published++;
    }

    void acknowledged(long intendedNs, long nowNs) {
        all.acknowledged(intendedNs, nowNs);
    }

    WorkerEvent.Round told(String group, int round) {
        var byKind = new EnumMap<Kind, byte[]>(Kind.class);
        kinds.forEach((kind, latency) -> byKind.put(kind, Counts.bytes(latency)));
        return new WorkerEvent.Round(
                group,
                round,
                published,
                all.deliveries(),
                all.latency(),
                all.acknowledged(),
                byKind,
                all.slots(),
                all.slotMaxUs());
    }
}
