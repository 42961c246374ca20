package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question as players see it. Topic `question`, keyed by match; each change is a new version.
///
/// @param id the question's id, unique within its match
/// @param match the match it belongs to
/// @param version one more with each change; 1 when it opens, unless it was drafted or scheduled
/// @param state where it stands
/// @param prompt the text to show; at most 500 characters
/// @param options 2 to 16 answers with stable ids; a player answers with an id, never with a text
/// @param points what a right answer earns; 1 to 1,000,000
/// @param opensAt first moment an answer counts, ms since the epoch, server clock
/// @param locksAt last moment an answer counts (inclusive), by the gateway's receive time, in ms;
///   moves only towards the past, when the ball comes before the deadline
/// @param rule how the question is settled, in a sentence for players; may be absent
/// @param answer the right option's id; present from `resolved` on and never before
/// @param endsAt where `terms` have delays, the last moment that an answer counts of whoever sees
///   the question late; `locksAt` or later, and moves only towards the past too. Else absent
/// @param cueAt the media timestamp to show the question at, in ms; absent: at once
/// @param terms how it counts beyond its points; absent: plainly
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Question(
        String id,
        String match,
        int version,
        State state,
        String prompt,
        List<Option> options,
        int points,
        long opensAt,
        long locksAt,
        @Nullable String rule,
        @Nullable String answer,
        @Nullable Long endsAt,
        @Nullable Long cueAt,
        @Nullable Terms terms) {

    /// The life of a question, forwards only; `corrected` may repeat, `void` ends it. Players see
    /// it from `open` on.
    public enum State {
        /// Private: written down, not to be opened yet.
        @JsonProperty("draft")
        DRAFT,
        /// Private: opens and locks by itself.
        @JsonProperty("scheduled")
        SCHEDULED,
        @JsonProperty("open")
        OPEN,
        @JsonProperty("locked")
        LOCKED,
        @JsonProperty("resolved")
        RESOLVED,
        @JsonProperty("corrected")
        CORRECTED,
        @JsonProperty("void")
        VOID;

        /// Whether the right option is known and public.
        public boolean isSettled() {
            return this == RESOLVED || this == CORRECTED;
        }
    }

    /// One possible answer.
    ///
    /// @param id what a player sends back
    /// @param label what a player reads; at most 100 characters
    public record Option(String id, String label) {
        public Option {
            Check.id("option id", id);
            Check.text("option label", label, 100);
        }
    }

    /// A question with plain terms.
    public Question(
            String id,
            String match,
            int version,
            State state,
            String prompt,
            List<Option> options,
            int points,
            long opensAt,
            long locksAt,
            @Nullable String rule,
            @Nullable String answer) {
        this(
                id, match, version, state, prompt, options, points, opensAt, locksAt, rule, answer,
                null, null, null);
    }

    public Question {
        Check.id("question id", id);
        Check.id("match", match);
        Check.range("version", version, 1, Integer.MAX_VALUE);
        Check.require(state != null, "state is missing");
        checkContent(prompt, options, points, opensAt, locksAt, cueAt, terms);
        options = List.copyOf(options);
        Check.require(
                (endsAt != null) == (terms != null && terms.delays() != null),
                "endsAt is %s: it is there where terms have delays, and only there",
                endsAt == null ? "missing" : "present");
        if (endsAt != null) {
            Check.range("endsAt", endsAt, locksAt, Long.MAX_VALUE);
        }
        Check.require(
                (answer != null) == state.isSettled(),
                "answer is %s in state %s: it is public from resolved on, never before",
                answer == null ? "missing" : "present",
                state);
        if (answer != null) {
            Check.require(hasOption(options, answer), "answer '%s' is none of the options", answer);
        }
    }

    public boolean hasOption(String option) {
        return hasOption(options, option);
    }

    /// How it counts beyond its points.
    public Terms termsOrPlain() {
        return terms == null ? Terms.PLAIN : terms;
    }

    /// The moment after which nobody's answer counts, inclusive.
    public long lastMoment() {
        return endsAt == null ? locksAt : endsAt;
    }

    static void checkContent(
            String prompt,
            List<Option> options,
            int points,
            long opensAt,
            long locksAt,
            @Nullable Long cueAt,
            @Nullable Terms terms) {
        Check.text("prompt", prompt, 500);
        Check.require(options != null, "options are missing");
        Check.range("number of options", options.size(), 2, 16);
        var ids = new HashSet<String>();
        for (Option option : options) {
            Check.require(ids.add(option.id()), "option '%s' stands twice", option.id());
        }
        Check.range("points", points, 1, 1_000_000);
        Check.require(
                0 < opensAt && opensAt < locksAt,
                "opensAt is %d and locksAt is %d: must be positive and in this order",
                opensAt,
                locksAt);
        if (cueAt != null) {
            Check.range("cueAt", cueAt, 0, Long.MAX_VALUE);
        }
        if (terms != null && terms.speed() != null) {
            Check.range("speed.floor", terms.speed().floor(), 0, points);
        }
    }

    private static boolean hasOption(List<Option> options, String id) {
        return options.stream().anyMatch(option -> option.id().equals(id));
    }
}
