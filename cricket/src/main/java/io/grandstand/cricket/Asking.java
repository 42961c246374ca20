package io.grandstand.cricket;

import io.grandstand.events.MediaClock;
import io.grandstand.events.Terms;
import org.jspecify.annotations.Nullable;

/// How a match asks its questions, their pace apart.
///
/// @param terms how they count beyond their points; null: plainly. Where they believe delays, a
///   question that no ball ends stays open for as long beyond its deadline
/// @param media where the match's media stream stands, so that viewers are shown a question when
///   their stream reaches it; null where there is no stream
public record Asking(@Nullable Terms terms, @Nullable MediaClock media) {
    /// Plain questions to be shown at once.
    public static final Asking PLAIN = new Asking(null, null);

    public Asking {
        var delays = terms == null ? null : terms.delays();
        if (delays != null && delays.policy() == Terms.Policy.LATER) {
            throw new IllegalArgumentException(
                    "delays.policy is later: must be lock, for a match asks about the ball that"
                            + " comes next");
        }
    }

    /// The media timestamp that belongs to this moment; null where there is none.
    @Nullable Long cueAt(long serverMs) {
        return media == null || media.mediaAt(serverMs) < 0 ? null : media.mediaAt(serverMs);
    }
}
