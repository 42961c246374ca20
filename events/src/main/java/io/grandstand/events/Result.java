package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// What a player hears about an answer. Topic `result`, keyed by player; readable by that player
/// alone.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Result.Receipt.class, name = "receipt"),
    @JsonSubTypes.Type(value = Result.Score.class, name = "score"),
})
public sealed interface Result {
    /// The answer arrived, and whether it counts. Sent at once; says nothing about right or wrong.
    ///
    /// A second receipt may follow for the same answer: `late` when the ball turned out to have
    /// come before it, `accepted` when its question was late to be known.
    ///
    /// @param match the match, or empty where the answer was too broken to tell
    /// @param question the question, or empty where the answer was too broken to tell
    /// @param option the option that counts for this player now; absent where none does
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Receipt(String match, String question, Status status, @Nullable String option)
            implements Result {}

    /// What became of an answer.
    enum Status {
        /// It counts, unless the ball turns out to have come first.
        @JsonProperty("accepted")
        ACCEPTED,
        /// Received after the question locked.
        @JsonProperty("late")
        LATE,
        /// The player has an answer to this question already; the first one counts.
        @JsonProperty("duplicate")
        DUPLICATE,
        /// No such question, or not known yet.
        @JsonProperty("unknown")
        UNKNOWN,
        /// The question takes no answers: not open yet, over, or void.
        @JsonProperty("closed")
        CLOSED,
        /// Not an answer, or none of the question's options.
        @JsonProperty("invalid")
        INVALID
    }

    /// The result of a counted answer, once per version of the question that settles it, and once
    /// more whenever another question's change makes its streak bonus another.
    ///
    /// @param version the question's version this score follows from
    /// @param correct whether the player's option is the right one; false when the question is void
    /// @param answer the right option; null when the question is void
    /// @param points what the player now holds for this question
    /// @param delta `points` less what the player held for it before
    /// @param total the player's points in this match with `delta` added
    /// @param bonus the part of `points` that the streak earned; absent where the question pays
    ///   none
    /// @param entry rises with each score of the player for the question; absent where it is
    ///   `version`
    record Score(
            String match,
            String question,
            int version,
            boolean correct,
            @Nullable String answer,
            int points,
            int delta,
            long total,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer bonus,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer entry)
            implements Result {
        /// A score without a streak.
        public Score(
                String match,
                String question,
                int version,
                boolean correct,
                @Nullable String answer,
                int points,
                int delta,
                long total) {
            this(match, question, version, correct, answer, points, delta, total, null, null);
        }
    }
}
