package io.grandstand.trivia;

import io.grandstand.events.Question.Option;
import io.grandstand.events.Terms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A quiz while its file is read: what is right in it, and all that is wrong. The bounds are those
/// of the records it will be asked with.
final class QuizDraft {
    static final int POINTS = 10;
    static final int POINTS_MAX = 1_000_000;
    static final int OPTIONS_MIN = 2;
    static final int OPTIONS_MAX = 16;
    static final int QUESTIONS_MAX = 1_000;

    private static final int PROMPT_LENGTH_MAX = 500;
    private static final int LABEL_LENGTH_MAX = 100;
    private static final int TITLE_LENGTH_MAX = 200;

    private final List<QuizFile.Item> items = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private @Nullable String title;
    private @Nullable Terms terms;
    private int questions;

    List<QuizFile.Item> items() {
        return items;
    }

    List<String> problems() {
        return problems;
    }

    @Nullable Terms terms() {
        return terms;
    }

    void terms(Terms rules) {
        terms = rules;
    }

    String titleOr(String otherwise) {
        return title == null ? otherwise : title;
    }

    void title(int line, String text) {
        check(text, TITLE_LENGTH_MAX, "line %d: title".formatted(line));
        title = text;
    }

    /// Notes a problem of the file as a whole, at this line.
    void problem(int line, String problem) {
        problems.add("line %d: %s".formatted(line, problem));
    }

    /// Ends reading: a quiz has questions, and none is worth less than the slowest right answer.
    void end(int line) {
        int floor = terms == null || terms.speed() == null ? 0 : terms.speed().floor();
        if (items.stream().anyMatch(item -> item.points() < floor)) {
            problem(
                    line,
                    "speed-floor is %d: must not be more than the points of any question"
                            .formatted(floor));
        }
        if (questions == 0 && problems.isEmpty()) {
            problem(line, "there is no question");
        }
        if (questions > QUESTIONS_MAX) {
            problem(line, "there are %d questions: at most %d".formatted(questions, QUESTIONS_MAX));
        }
    }

    Entry question(int line) {
        questions++;
        return new Entry(line, questions);
    }

    private boolean check(String text, int lengthMax, String what) {
        if (text.isBlank() || text.length() > lengthMax) {
            problems.add(
                    "%s has %d characters: must have 1 to %d, and not only spaces"
                            .formatted(what, text.length(), lengthMax));
            return false;
        }
        return true;
    }

    /// One question of the file.
    final class Entry {
        private final int line;
        private final int number;
        private final List<Option> options = new ArrayList<>();
        private final HashSet<String> labels = new HashSet<>();
        private int told;
        private final int problemsBefore = problems.size();
        private String prompt = "";
        private @Nullable String answer;
        private int points = POINTS;

        private Entry(int line, int number) {
            this.line = line;
            this.number = number;
        }

        void problem(String problem) {
            problem(line, problem);
        }

        void problem(int at, String problem) {
            problems.add("line %d, question %d: %s".formatted(at, number, problem));
        }

        void prompt(int at, String text) {
            check(
                    text,
                    PROMPT_LENGTH_MAX,
                    "line %d, question %d: the question".formatted(at, number));
            prompt = text;
        }

        void option(int at, String label) {
            String what = "line %d, question %d: option %d".formatted(at, number, told + 1);
            check(label, LABEL_LENGTH_MAX, what);
            told++;
            if (!labels.add(label)) {
                problem(at, "option '%s' stands twice".formatted(label));
            } else if (options.size() < OPTIONS_MAX && !label.isBlank()) {
                options.add(new Option(id(options.size()), clipped(label)));
            }
        }

        void answer(int option) {
            answer = id(option);
        }

        /// The index of the option of this text, or else of this number from 1; -1 if none.
        int indexOf(String answer) {
            for (int i = 0; i < options.size(); i++) {
                if (options.get(i).label().equals(answer)) {
                    return i;
                }
            }
            for (int i = 0; i < options.size(); i++) {
                if (String.valueOf(i + 1).equals(answer)) {
                    return i;
                }
            }
            return -1;
        }

        void points(int at, String text) {
            try {
                points = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                points = -1;
            }
            if (points < 1 || points > POINTS_MAX) {
                problem(at, "points is '%s': must be 1 to %d".formatted(text, POINTS_MAX));
            }
        }

        int optionCount() {
            return told;
        }

        void end() {
            if (told < OPTIONS_MIN || told > OPTIONS_MAX) {
                problem(
                        "number of options is %d: must be %d to %d"
                                .formatted(told, OPTIONS_MIN, OPTIONS_MAX));
            }
            String right = answer;
            if (right != null && problems.size() == problemsBefore) {
                items.add(new QuizFile.Item(prompt, options, right, points));
            }
        }

        private static String id(int option) {
            return String.valueOf((char) ('a' + option));
        }

        /// A label that is too long is a problem already; what remains must still be an option.
        private static String clipped(String label) {
            return label.substring(0, Math.min(label.length(), LABEL_LENGTH_MAX));
        }
    }
}
