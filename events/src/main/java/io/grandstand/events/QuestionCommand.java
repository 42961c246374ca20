package io.grandstand.events;

import com.fasterxml.jackson.annotation.JsonInclude;
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

    /// Opens a question. Its content is fixed from here on.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Ask(
            String match,
            String question,
            String prompt,
            List<Question.Option> options,
            int points,
            long opensAt,
            long locksAt,
            @Nullable String rule)
            implements QuestionCommand {
        public Ask {
            Check.id("match", match);
            Check.id("question", question);
            Question.checkContent(prompt, options, points, opensAt, locksAt);
            options = List.copyOf(options);
        }
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
