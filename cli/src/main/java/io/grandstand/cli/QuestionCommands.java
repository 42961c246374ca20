package io.grandstand.cli;

import io.grandstand.events.Question.Option;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Opening;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `grandstand question`: a host at the keyboard. Each command is one record in `question-command`.
@Command(
        name = "question",
        description = "Asks, locks, resolves, corrects or takes back a question.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            QuestionCommands.AskCommand.class,
            QuestionCommands.LockCommand.class,
            QuestionCommands.ResolveCommand.class,
            QuestionCommands.CorrectCommand.class,
            QuestionCommands.VoidCommand.class,
        })
final class QuestionCommands implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
        throw new ParameterException(
                command, "Missing command: ask, lock, resolve, correct or void");
    }

    /// Which cluster, and which match.
    static final class Target {
        @Mixin private ClusterOptions cluster = new ClusterOptions();

        @CommandLine.Option(
                names = "--match",
                required = true,
                paramLabel = "ID",
                description = "The match or quiz that the question belongs to.")
        private String match = "";

        /// Writes the command and tells what was written.
        int write(QuestionCommand command, CommandSpec spec) throws StartException {
            Map<String, Object> kafka = cluster.kafka();
            try (var writer = new RecordWriter(kafka)) {
                writer.write(Topics.QUESTION_COMMAND, command.match(), command)
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException | org.apache.kafka.common.KafkaException e) {
                throw ClusterOptions.notTaken(kafka, e);
            }
            spec.commandLine()
                    .getOut()
                    .println(
                            "said of question %s in match %s"
                                    .formatted(command.question(), command.match()));
            return 0;
        }
    }

    /// One command: what it says, made of its options.
    abstract static class Saying implements Callable<Integer> {
        @Spec private @Nullable CommandSpec spec;

        @Mixin private Target target = new Target();

        abstract QuestionCommand command(String match, long now);

        @Override
        public Integer call() throws StartException {
            CommandSpec own = spec == null ? CommandSpec.create() : spec;
            QuestionCommand command;
            try {
                command = command(target.match, InstantSource.system().millis());
            } catch (IllegalArgumentException e) {
                throw new ParameterException(own.commandLine(), String.valueOf(e.getMessage()), e);
            }
            return target.write(command, own);
        }
    }

    /// `grandstand question ask`.
    @Command(
            name = "ask",
            description = "Asks a question now, or writes it down for later.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class AskCommand extends Saying {
        @CommandLine.Option(
                names = "--question",
                paramLabel = "ID",
                description = "The question's id; a new one where it is missing.")
        private @Nullable String question;

        @CommandLine.Option(names = "--prompt", required = true, description = "What is asked.")
        private String prompt = "";

        @CommandLine.Option(
                names = "--option",
                required = true,
                paramLabel = "[ID=]LABEL",
                description = "An answer, 2 to 16 of them; ids are a, b, c where they are missing.")
        private List<String> options = List.of();

        @CommandLine.Option(
                names = "--points",
                defaultValue = "10",
                description = "What a right answer earns.")
        private int points;

        @CommandLine.Option(
                names = "--in",
                defaultValue = "0",
                paramLabel = "SECONDS",
                description = "When it opens; without --opens at once.")
        private long in;

        @CommandLine.Option(
                names = "--window",
                defaultValue = "10",
                paramLabel = "SECONDS",
                description = "How long it takes answers.")
        private long window;

        @CommandLine.Option(
                names = "--opens",
                paramLabel = "HOW",
                description =
                        "scheduled: opens and locks by itself; draft: not yet. Without it: now, and"
                                + " locks when you say so.")
        private @Nullable String opens;

        @CommandLine.Option(names = "--rule", description = "How it is settled, for players.")
        private @Nullable String rule;

        @CommandLine.Option(
                names = "--cue-at",
                paramLabel = "MS",
                description = "The media timestamp to show it at.")
        private @Nullable Long cueAt;

        @Mixin private TermsOptions terms = new TermsOptions();

        @Override
        QuestionCommand command(String match, long now) {
            long opensAt = now + Duration.ofSeconds(in).toMillis();
            return new Ask(
                    match,
                    question == null ? QuestionIds.next() : question,
                    prompt,
                    options(),
                    points,
                    opensAt,
                    opensAt + Duration.ofSeconds(window).toMillis(),
                    rule,
                    cueAt,
                    terms.terms(),
                    opens == null ? null : TermsOptions.word("--opens", opens, Opening.values()));
        }

        private List<Option> options() {
            var all = new ArrayList<Option>();
            for (String option : options) {
                int sign = option.indexOf('=');
                String id = String.valueOf((char) ('a' + all.size()));
                all.add(
                        sign < 0
                                ? new Option(id, option)
                                : new Option(
                                        option.substring(0, sign), option.substring(sign + 1)));
            }
            return all;
        }
    }

    /// `grandstand question lock`.
    @Command(name = "lock", description = "Locks a question now.", mixinStandardHelpOptions = true)
    static final class LockCommand extends Saying {
        @CommandLine.Option(names = "--question", required = true, paramLabel = "ID")
        private String question = "";

        @Override
        QuestionCommand command(String match, long now) {
            return new Lock(match, question, now);
        }
    }

    /// `grandstand question resolve`.
    @Command(
            name = "resolve",
            description = "Settles a question; one that is open is locked now.",
            mixinStandardHelpOptions = true)
    static class ResolveCommand extends Saying {
        @CommandLine.Option(names = "--question", required = true, paramLabel = "ID")
        private String question = "";

        @CommandLine.Option(
                names = "--answer",
                required = true,
                paramLabel = "OPTION",
                description = "The right option's id.")
        private String answer = "";

        @Override
        QuestionCommand command(String match, long now) {
            return new Resolve(match, question, answer, now);
        }
    }

    /// `grandstand question correct`: what it says is what `resolve` says; the quiz knows that the
    /// question is settled.
    @Command(
            name = "correct",
            description = "Settles a question anew.",
            mixinStandardHelpOptions = true)
    static final class CorrectCommand extends ResolveCommand {}

    /// `grandstand question void`.
    @Command(
            name = "void",
            description = "Takes a question back: as if it had never been.",
            mixinStandardHelpOptions = true)
    static final class VoidCommand extends Saying {
        @CommandLine.Option(names = "--question", required = true, paramLabel = "ID")
        private String question = "";

        @CommandLine.Option(
                names = "--reason",
                defaultValue = "Taken back by the host",
                description = "Why, for the record.")
        private String reason = "";

        @Override
        QuestionCommand command(String match, long now) {
            return new Withdraw(match, question, reason);
        }
    }
}
