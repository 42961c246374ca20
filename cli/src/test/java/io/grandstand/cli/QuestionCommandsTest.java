package io.grandstand.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.Question.Option;
import io.grandstand.events.QuestionCommand;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Opening;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.QuestionCommand.Withdraw;
import io.grandstand.events.Terms;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class QuestionCommandsTest {
    private static final long NOW = 1_700_000_000_000L;
    private final StringWriter said = new StringWriter();

    @Test
    void aQuestionIsAskedWithTheLeastThatCanBeSaid() {
        Ask ask = (Ask) command("ask", "--prompt", "Rain?", "--option", "Yes", "--option", "No");
        assertThat(ask)
                .isEqualTo(
                        new Ask(
                                "m",
                                ask.question(),
                                "Rain?",
                                List.of(new Option("a", "Yes"), new Option("b", "No")),
                                10,
                                NOW,
                                NOW + 10_000,
                                null));
        assertThat(ask.question()).matches("h-[a-z0-9]{12}");
    }

    @Test
    void aQuestionIsAskedWithAllThatCanBeSaid() {
        assertThat(
                        command(
                                "ask --question q7 --prompt Rain? --option y=Yes --option n=No"
                                        + " --points 20 --in 5 --window 20 --opens scheduled --rule"
                                        + " Umpires --cue-at 61000 --season s1 --answers last"
                                        + " --speed-points 2:9 --streak 1:5 --delays later:30"))
                .isEqualTo(
                        new Ask(
                                "m",
                                "q7",
                                "Rain?",
                                List.of(new Option("y", "Yes"), new Option("n", "No")),
                                20,
                                NOW + 5_000,
                                NOW + 25_000,
                                "Umpires",
                                61_000L,
                                new Terms(
                                        "s1",
                                        Terms.Answers.LAST,
                                        new Terms.Speed(2, 9_000),
                                        new Terms.Streak(1, 5),
                                        new Terms.Delays(Terms.Policy.LATER, 30_000)),
                                Opening.SCHEDULED));
    }

    @Test
    void aQuestionIsLockedResolvedCorrectedAndTakenBack() {
        assertThat(command("lock --question q")).isEqualTo(new Lock("m", "q", NOW));
        assertThat(command("resolve --question q --answer a"))
                .isEqualTo(new Resolve("m", "q", "a", NOW));
        assertThat(command("correct --question q --answer b"))
                .isEqualTo(new Resolve("m", "q", "b", NOW));
        assertThat(command("void --question q --reason rain"))
                .isEqualTo(new Withdraw("m", "q", "rain"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                        | Missing command: ask, lock, resolve",
                "ask --prompt P --option A               | number of options is 1: must be 2 to 16",
                "ask --prompt P --option A --option B --speed-points 2 | --speed-points is '2':"
                        + " must be two parts with a colon between",
                "ask --prompt P --option A --option B --speed-points a:b | --speed-points is 'a:b':"
                        + " 'a' must be a number",
                "ask --prompt P --option A --option B --opens soon | --opens is 'soon': must be one"
                        + " of [draft, scheduled]",
                "ask --prompt P --option A --option B --window 0 | must be positive and in this"
                        + " order",
                "lock                                    | Missing required option:"
                        + " '--question=ID'",
                "resolve --question q                    | Missing required option:"
                        + " '--answer=OPTION'",
                "lock --question q#                      | question is 'q#'",
            })
    void whatCannotBeSaidIsToldWhy(String arguments, String why) {
        assertThat(execute(arguments == null ? "" : arguments)).isEqualTo(2);
        assertThat(said.toString()).contains(why);
    }

    private QuestionCommand command(String arguments) {
        return command(arguments.split(" "));
    }

    private static QuestionCommand command(String... arguments) {
        String[] all =
                Stream.concat(
                                Stream.of("question", arguments[0], "--bootstrap-servers", "x:1"),
                                Stream.concat(
                                        Stream.of("--match", "m"), Stream.of(arguments).skip(1)))
                        .toArray(String[]::new);
        CommandLine.ParseResult parsed = Main.commandLine().parseArgs(all);
        var saying =
                (QuestionCommands.Saying)
                        parsed.subcommand().subcommand().commandSpec().userObject();
        return saying.command("m", NOW);
    }

    private int execute(String arguments) {
        Stream<String> words = Stream.of(arguments.split(" ")).filter(word -> !word.isEmpty());
        boolean isComplete = !arguments.isBlank();
        String[] all =
                Stream.concat(
                                Stream.concat(Stream.of("question"), words),
                                isComplete
                                        ? Stream.of("--bootstrap-servers", "x:1", "--match", "m")
                                        : Stream.of())
                        .toArray(String[]::new);
        return Main.commandLine().setErr(new PrintWriter(said, true)).execute(all);
    }
}
