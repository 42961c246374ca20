package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a feed or a host tells the quiz about a question. Topic `question-command`, keyed by match.
///
/// Private: it carries right options, so no gateway can read it. All commands about a match share a
/// partition, which gives them one order. Saying a command again changes nothing, so a feed that
/// restarts may simply repeat itself.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = QuestionCommand.Ask.class, name = "ask"),
    @JsonSubTypes.Type(value = QuestionCommand.Lock.class, name = "lock"),
    @JsonSubTypes.Type(value = QuestionCommand.Resolve.class, name = "resolve"),
    @JsonSubTypes.Type(value = QuestionCommand.Withdraw.class, name = "void"),
})
public sealed interface QuestionCommand {
    String match();

    String question();

    /// Opens a question, or writes it down for later. Its content is fixed once it is open.
    ///
    /// @param cueAt the media timestamp to show the question at, in ms; absent: at once
    /// @param terms how it counts beyond its points; absent: plainly
    /// @param opens when it opens; absent: now
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Ask(
            String match,
            String question,
            String prompt,
            List<Question.Option> options,
            int points,
            long opensAt,
            long locksAt,
            @Nullable String rule,
            @Nullable Long cueAt,
            @Nullable Terms terms,
            @Nullable Opening opens)
            implements QuestionCommand {
        /// Opens a question with plain terms.
        public Ask(
                String match,
                String question,
                String prompt,
                List<Question.Option> options,
                int points,
                long opensAt,
                long locksAt,
                @Nullable String rule) {
            this(
                    match, question, prompt, options, points, opensAt, locksAt, rule, null, null,
                    null);
        }

        public Ask {
            Check.id("match", match);
            Check.id("question", question);
            Question.checkContent(prompt, options, points, opensAt, locksAt, cueAt, terms);
            options = List.copyOf(options);
        }
    }

    /// When a question that is asked opens.
    enum Opening {
        /// Not yet: nobody sees it until it is asked again. Until then it may be changed.
        @JsonProperty("draft")
        DRAFT,
        /// By itself at its `opensAt`, and locks by itself too, at its last moment.
        @JsonProperty("scheduled")
        SCHEDULED
    }

    /// Stops counting answers received after `at` (ms since the epoch, server clock). A lock after
    /// the question's own deadline leaves the deadline as it is.
    record Lock(String match, String question, long at) implements QuestionCommand {
        public Lock {
            Check.id("match", match);
            Check.id("question", question);
            Check.range("at", at, 1, Long.MAX_VALUE);
        }
    }

    /// Settles the question with the right option; said again with another option, corrects it.
    /// Settling an open question locks it first, at `at` (ms since the epoch, server clock).
    record Resolve(String match, String question, String answer, long at)
            implements QuestionCommand {
        public Resolve {
            Check.id("match", match);
            Check.id("question", question);
            Check.id("answer", answer);
            Check.range("at", at, 1, Long.MAX_VALUE);
        }
    }

    /// Takes the question back: everyone stands as if it had never been asked.
    record Withdraw(String match, String question, String reason) implements QuestionCommand {
        public Withdraw {
            Check.id("match", match);
            Check.id("question", question);
            Check.text("reason", reason, 200);
        }
    }
}
