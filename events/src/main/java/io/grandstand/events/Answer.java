package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// A player's answer as the client sent it. Topic `answer`, keyed by player.
///
/// Who answered is the record's key, when it was received is the gateway's trusted header; nothing
/// in the body is believed about either.
///
/// @param delayMs how far behind its source the viewer's stream is, as the client reckons it, in
///   ms; absent where there is no stream. A claim: it may give its viewer more time, within bounds
///   that the question sets, and never past the question's lock
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Answer(String match, String question, String option, @Nullable Long delayMs) {
    public Answer {
        Check.id("match", match);
        Check.id("question", question);
        Check.id("option", option);
    }

    /// An answer without a delay.
    public Answer(String match, String question, String option) {
        this(match, question, option, null);
    }
}
