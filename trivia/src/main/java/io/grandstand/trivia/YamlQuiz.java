package io.grandstand.trivia;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.grandstand.events.Terms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a quiz in YAML or JSON.
///
/// Values are taken as the text that stands in the file, so that an option `1.10` or `007` shows as
/// written, and each keeps its line for the error messages.
final class YamlQuiz {
    private static final int DEPTH_MAX = 8;
    private static final Set<String> QUIZ_FIELDS = Set.of("title", "rules", "questions");
    private static final List<String> RULES =
            List.of(
                    "answers",
                    "speed-floor",
                    "speed-seconds",
                    "streak-bonus",
                    "streak-max",
                    "season");
    private static final int SECONDS_MAX = 3_600;
    private static final List<String> QUESTION_FIELDS =
            List.of("question", "options", "answer", "points");

    /// A value of the file.
    private sealed interface Value {
        int line();

        record Text(int line, String text) implements Value {}

        record Items(int line, List<Value> items) implements Value {}

        record Fields(int line, Map<String, Value> fields) implements Value {}
    }

    private final QuizDraft draft = new QuizDraft();

    private YamlQuiz() {}

    static QuizDraft read(String text) {
        var quiz = new YamlQuiz();
        try (var parser = new YAMLFactory().createParser(text)) {
            quiz.read(parser);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            quiz.draft.problem(
                    at == null ? 1 : Math.max(1, at.getLineNr()),
                    "is not YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException impossible) {
            throw new AssertionError("a string can be read", impossible);
        }
        return quiz.draft;
    }

    private void read(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            draft.end(1);
            return;
        }
        var root = value(parser, 0);
        if (parser.nextToken() != null) {
            draft.problem(line(parser), "there is more after the quiz");
        }
        if (!(root instanceof Value.Fields(_, var fields))) {
            draft.problem(1, "must be fields 'title' and 'questions'");
            return;
        }
        for (var field : fields.entrySet()) {
            if (!QUIZ_FIELDS.contains(field.getKey())) {
                draft.problem(
                        field.getValue().line(),
                        "unknown field '%s': known are title, rules and questions"
                                .formatted(field.getKey()));
            }
        }
        switch (fields.get("title")) {
            case null -> {}
            case Value.Text title -> draft.title(title.line(), title.text());
            case Value other -> draft.problem(other.line(), "title must be text");
        }
        switch (fields.get("rules")) {
            case null -> {}
            case Value.Fields rules -> rules(rules);
            case Value other -> draft.problem(other.line(), "rules must be fields");
        }
        switch (fields.get("questions")) {
            case null -> draft.problem(1, "questions is missing");
            case Value.Items(int line, var items) -> {
                items.forEach(this::question);
                draft.end(line);
            }
            case Value other -> draft.problem(other.line(), "questions must be a list");
        }
    }

    private void rules(Value.Fields rules) {
        var texts = new HashMap<String, String>();
        for (var field : rules.fields().entrySet()) {
            int line = field.getValue().line();
            if (!RULES.contains(field.getKey())) {
                draft.problem(
                        line,
                        "unknown field '%s': known are %s"
                                .formatted(field.getKey(), String.join(", ", RULES)));
            } else if (field.getValue() instanceof Value.Text(_, String text)) {
                texts.put(field.getKey(), text);
            } else {
                draft.problem(line, field.getKey() + " must be text or a number");
            }
        }
        try {
            draft.terms(
                    new Terms(
                            texts.get("season"),
                            answers(texts.get("answers")),
                            speed(texts),
                            streak(texts),
                            null));
        } catch (IllegalArgumentException e) {
            draft.problem(rules.line(), "rules: " + e.getMessage());
        }
    }

    private static Terms.@Nullable Answers answers(@Nullable String text) {
        return switch (text) {
            case null -> null;
            case "first" -> Terms.Answers.FIRST;
            case "last" -> Terms.Answers.LAST;
            default ->
                    throw new IllegalArgumentException(
                            "answers is '%s': must be first or last".formatted(text));
        };
    }

    private static Terms.@Nullable Speed speed(Map<String, String> texts) {
        if (!texts.containsKey("speed-floor") && !texts.containsKey("speed-seconds")) {
            return null;
        }
        int seconds = number(texts, "speed-seconds", SECONDS_MAX);
        return new Terms.Speed(number(texts, "speed-floor", QuizDraft.POINTS_MAX), seconds * 1_000);
    }

    private static Terms.@Nullable Streak streak(Map<String, String> texts) {
        if (!texts.containsKey("streak-bonus") && !texts.containsKey("streak-max")) {
            return null;
        }
        return new Terms.Streak(
                number(texts, "streak-bonus", QuizDraft.POINTS_MAX),
                number(texts, "streak-max", QuizDraft.POINTS_MAX));
    }

    private static int number(Map<String, String> texts, String name, int max) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "%s is '%s': must be 0 to %d".formatted(name, text, max));
    }

    private void question(Value value) {
        var entry = draft.question(value.line());
        if (!(value instanceof Value.Fields(_, var fields))) {
            entry.problem("must be fields question, options and answer");
            return;
        }
        for (var field : fields.entrySet()) {
            if (!QUESTION_FIELDS.contains(field.getKey())) {
                entry.problem(
                        field.getValue().line(),
                        "unknown field '%s': known are %s"
                                .formatted(field.getKey(), String.join(", ", QUESTION_FIELDS)));
            }
        }
        var prompt = text(entry, fields, "question");
        if (prompt != null) {
            entry.prompt(prompt.line(), prompt.text());
        }
        switch (fields.get("options")) {
            case null -> entry.problem("options is missing");
            case Value.Items(_, var items) -> {
                for (Value option : items) {
                    if (option instanceof Value.Text(int line, String label)) {
                        entry.option(line, label);
                    } else {
                        entry.problem(option.line(), "an option must be text");
                    }
                }
            }
            case Value other -> entry.problem(other.line(), "options must be a list");
        }
        var answer = text(entry, fields, "answer");
        if (answer != null) {
            int index = entry.indexOf(answer.text());
            if (index < 0) {
                entry.problem(
                        answer.line(),
                        "answer is '%s': must be one of its options, or 1 to %d"
                                .formatted(answer.text(), entry.optionCount()));
            } else {
                entry.answer(index);
            }
        }
        if (fields.get("points") instanceof Value.Text(int line, String points)) {
            entry.points(line, points);
        } else if (fields.containsKey("points")) {
            entry.problem("points must be a number");
        }
        entry.end();
    }

    private static Value.@Nullable Text text(
            QuizDraft.Entry entry, Map<String, Value> fields, String name) {
        return switch (fields.get(name)) {
            case null -> {
                entry.problem(name + " is missing");
                yield null;
            }
            case Value.Text text -> text;
            case Value other -> {
                entry.problem(other.line(), name + " must be text");
                yield null;
            }
        };
    }

    /// The value that begins at the parser's token.
    private Value value(JsonParser parser, int depth) throws IOException {
        int line = line(parser);
        if (depth > DEPTH_MAX) {
            throw new com.fasterxml.jackson.core.JsonParseException(
                    parser, "nested deeper than %d".formatted(DEPTH_MAX));
        }
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            var fields = new LinkedHashMap<String, Value>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                int at = line(parser);
                parser.nextToken();
                boolean isNull = parser.currentToken() == JsonToken.VALUE_NULL;
                var value = value(parser, depth + 1);
                if (!isNull && fields.put(name, value) != null) {
                    draft.problem(at, "field '%s' stands twice".formatted(name));
                }
            }
            return new Value.Fields(line, fields);
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            var items = new ArrayList<Value>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser, depth + 1));
            }
            return new Value.Items(line, items);
        }
        return new Value.Text(line, parser.getText().strip());
    }

    private static int line(JsonParser parser) {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
