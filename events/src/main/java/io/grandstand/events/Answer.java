package io.grandstand.events;

/// A player's answer as the client sent it. Topic `answer`, keyed by player.
///
/// Who answered is the record's key, when it was received is the gateway's trusted header; nothing
/// in the body is believed about either.
public record Answer(String match, String question, String option) {
    public Answer {
        Check.id("match", match);
        Check.id("question", question);
        Check.id("option", option);
    }
}
