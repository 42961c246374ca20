package io.grandstand.trivia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.Question;
import io.grandstand.events.Terms;
import io.grandstand.trivia.QuizFile.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuizFileTest {
    @TempDir Path folder = Path.of("");

    @Test
    void aQuizIsReadFromYaml() throws Exception {
        var quiz =
                read(
                        "capitals.yaml",
                        """
                        title: Capitals
                        questions:
                          - question: Capital of Peru?
                            options: [Cusco, Lima]
                            answer: Lima
                            points: 20
                          - question: How much is it?
                            options:
                              - 1.10
                              - 007
                              - true
                            answer: 2
                        """);

        assertThat(quiz.title()).isEqualTo("Capitals");
        assertThat(quiz.match()).matches("quiz-capitals-[0-9a-f]{8}");
        assertThat(quiz.items().stream().map(QuizFileTest::written))
                .containsExactly(
                        "Capital of Peru? a=Cusco b=Lima → b for 20",
                        "How much is it? a=1.10 b=007 c=true → b for 10");
    }

    @Test
    void aQuizMaySayHowItsQuestionsCount() throws Exception {
        var quiz =
                read(
                        "fast.yaml",
                        """
                        rules:
                          answers: last
                          speed-floor: 2
                          speed-seconds: 8
                          streak-bonus: 1
                          streak-max: 5
                          season: autumn
                        questions:
                          - question: Capital of Peru?
                            options: [Cusco, Lima]
                            answer: Lima
                        """);

        assertThat(quiz.terms())
                .isEqualTo(
                        new Terms(
                                "autumn",
                                Terms.Answers.LAST,
                                new Terms.Speed(2, 8_000),
                                new Terms.Streak(1, 5),
                                null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "answers: best                    | line 2: rules: answers is 'best': must be first"
                        + " or last",
                "speed-floor: 2                   | line 2: rules: speed-seconds is missing",
                "speed-seconds: 5                 | line 2: rules: speed-floor is missing",
                "streak-bonus: many               | line 2: rules: streak-bonus is 'many': must be"
                        + " 0 to 1000000",
                "season: a b                      | line 2: rules: season is 'a b'",
                "bonus: 5                         | line 2: unknown field 'bonus': known are"
                        + " answers, speed-floor",
                "answers: [first]                 | line 2: answers must be text or a number",
                "{speed-floor: 11, speed-seconds: 5} | speed-floor is 11: must not be more than the"
                        + " points of any question",
            })
    void rulesThatMakeNoSenseAreToldWithTheirLine(String rule, String problem) {
        String quiz =
                "rules:\n  %s\nquestions:\n  - question: Capital of Peru?\n".formatted(rule)
                        + "    options: [Cusco, Lima]\n    answer: Lima\n";
        assertThatThrownBy(() -> read("bad.yaml", quiz))
                .isInstanceOf(QuizFileException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void jsonIsYaml() throws Exception {
        var quiz =
                read(
                        "capitals.json",
                        """
                        {"questions": [{"question": "Capital of Peru?",
                                        "options": ["Cusco", "Lima"], "answer": 2}]}
                        """);

        assertThat(quiz.title()).isEqualTo("capitals");
        assertThat(quiz.items().stream().map(QuizFileTest::written))
                .containsExactly("Capital of Peru? a=Cusco b=Lima → b for 10");
    }

    @Test
    void anAnswerIsAnOptionBeforeItIsANumber() throws Exception {
        var quiz =
                read(
                        "numbers.yml",
                        """
                        questions:
                          - question: How many?
                            options: [3, 1, 2]
                            answer: 2
                        """);

        assertThat(written(quiz.items().getFirst())).isEqualTo("How many? a=3 b=1 c=2 → c for 10");
    }

    @Test
    void aQuizIsReadFromText() throws Exception {
        var quiz =
                read(
                        "quick.txt",
                        """
                        # made by hand
                        Title:  Quick ones

                        Capital of Peru?
                        Cusco
                        # not this one
                        *Lima


                        Blue and yellow?
                        * Green
                        Red\
                        """);

        assertThat(quiz.title()).isEqualTo("Quick ones");
        assertThat(quiz.items().stream().map(QuizFileTest::written))
                .containsExactly(
                        "Capital of Peru? a=Cusco b=Lima → b for 10",
                        "Blue and yellow? a=Green b=Red → a for 10");
    }

    @Test
    void anEditedFileIsAnotherQuiz() throws Exception {
        var one = read("q.txt", "Yes?\n*Yes\nNo\n");
        var same = read("q.txt", "Yes?\n*Yes\nNo\n");
        var edited = read("q.txt", "Yes?\nYes\n*No\n");

        assertThat(one.match()).isEqualTo(same.match()).isNotEqualTo(edited.match());
    }

    @Test
    void theIdOfAQuizWithAStrangeNameIsStillAnId() throws Exception {
        var quiz = read("Größtes Quiz, ever! " + "x".repeat(60) + ".txt", "Yes?\n*Yes\nNo\n");

        assertThat(quiz.match()).startsWith("quiz-Gr-tes-Quiz-ever-").hasSizeLessThan(55);
    }

    @Test
    void allProblemsOfAYamlFileAreToldAtOnce() {
        assertThatThrownBy(() ->
                        read(
                                "bad.yaml",
                                """
                                titel: Oops
                                questions:
                                  - question: Capital of Peru?
                                    options: [Cusco, Lima]
                                    answer: Pariss
                                  - options: [Yes, Yes]
                                    answer: 1
                                    points: 0
                                  - question: Fine?
                                    options: [Only]
                                    answr: Only
                                  - just text
                                """))
                .isInstanceOf(QuizFileException.class)
                .hasMessage(
                        String.join(
                                System.lineSeparator() + "  ",
                                "bad.yaml has 9 problems:",
                                "line 1: unknown field 'titel': known are title, rules and"
                                        + " questions",
                                "line 5, question 1: answer is 'Pariss': must be one of its"
                                        + " options, or 1 to 2",
                                "line 6, question 2: question is missing",
                                "line 6, question 2: option 'Yes' stands twice",
                                "line 8, question 2: points is '0': must be 1 to 1000000",
                                "line 11, question 3: unknown field 'answr': known are question,"
                                        + " options, answer, points",
                                "line 9, question 3: answer is missing",
                                "line 9, question 3: number of options is 1: must be 2 to 16",
                                "line 12, question 4: must be fields question, options and"
                                        + " answer"));
    }

    @Test
    void allProblemsOfATextFileAreToldAtOnce() {
        assertThatThrownBy(() ->
                        read(
                                "bad.txt",
                                "Alone?\n\nNone right?\nYes\nNo\n\nTwo right?\n*Yes\n*No\n"))
                .isInstanceOf(QuizFileException.class)
                .hasMessage(
                        String.join(
                                System.lineSeparator() + "  ",
                                "bad.txt has 4 problems:",
                                "line 1, question 1: number of options with a star is 0: must be 1",
                                "line 1, question 1: number of options is 0: must be 2 to 16",
                                "line 3, question 2: number of options with a star is 0: must be 1",
                                "line 7, question 3: number of options with a star is 2: must be"
                                        + " 1"));
    }

    @Test
    void whatIsNoQuizIsRefused() {
        check("empty.txt", "", "empty.txt: line 1: there is no question");
        check("empty.yaml", "", "empty.yaml: line 1: there is no question");
        check("list.yaml", "- a\n", "list.yaml: line 1: must be fields 'title' and 'questions'");
        check("none.yaml", "title: A\n", "none.yaml: line 1: questions is missing");
        check("no.yaml", "questions: []\n", "no.yaml: line 1: there is no question");
        assertThatThrownBy(() -> read("broken.json", "{\"questions\": ["))
                .isInstanceOf(QuizFileException.class)
                .hasMessageStartingWith("broken.json: line 1: is not YAML: ");
        assertThatThrownBy(() -> QuizFile.read(folder.resolve("absent.txt")))
                .hasMessage("absent.txt: does not exist");
        assertThatThrownBy(() -> QuizFile.read(folder)).hasMessageEndingWith("is not a file");
    }

    @Test
    void textsHaveTheirBounds() {
        check(
                "long.txt",
                "%s\n*Yes\n%s\n".formatted("q".repeat(501), "o".repeat(101)),
                String.join(
                        System.lineSeparator() + "  ",
                        "long.txt has 2 problems:",
                        "line 1, question 1: the question has 501 characters: must have 1 to 500,"
                                + " and not only spaces",
                        "line 3, question 1: option 2 has 101 characters: must have 1 to 100, and"
                                + " not only spaces"));
        check(
                "many.txt",
                "Many?\n*0\n" + numbers(17),
                "many.txt: line 1, question 1: number of options is 18: must be 2 to 16");
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> read("deep.json", "[".repeat(500)))
                .isInstanceOf(QuizFileException.class)
                .hasMessage("deep.json: line 1: is not YAML: nested deeper than 8");
    }

    @Test
    void theExamplesOfTheDocumentationAreQuizzes() throws Exception {
        var examples =
                Path.of(System.getProperty("grandstand.root", "..")).resolve("docs/examples");

        var yaml = QuizFile.read(examples.resolve("quiz.yaml"));
        assertThat(yaml.title()).isEqualTo("Between the innings");
        assertThat(yaml.items()).hasSize(12);
        assertThat(QuizFile.read(examples.resolve("quiz.txt")).items()).hasSize(5);
        for (Item item : yaml.items()) {
            var question =
                    new Question(
                            "q",
                            yaml.match(),
                            1,
                            Question.State.RESOLVED,
                            item.prompt(),
                            item.options(),
                            item.points(),
                            1,
                            2,
                            null,
                            item.answer());
            assertThat(question.hasOption(item.answer())).isTrue();
        }
    }

    private void check(String name, String content, String message) {
        assertThatThrownBy(() -> read(name, content))
                .isInstanceOf(QuizFileException.class)
                .hasMessage(message);
    }

    private QuizFile read(String name, String content) throws IOException, QuizFileException {
        return QuizFile.read(Files.writeString(folder.resolve(name), content));
    }

    private static String numbers(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> number + "\n")
                .collect(Collectors.joining());
    }

    private static String written(Item item) {
        List<String> options =
                item.options().stream().map(option -> option.id() + "=" + option.label()).toList();
        return "%s %s → %s for %d"
                .formatted(item.prompt(), String.join(" ", options), item.answer(), item.points());
    }
}
