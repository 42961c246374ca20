package io.grandstand.trivia;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads a quiz in plain text: blocks with blank lines between them, each a question and its
/// options, the right one with a star before it. Lines that begin with `#` are comments.
final class TextQuiz {
    private static final String TITLE = "title:";

    private record Line(int number, String text) {}

    private TextQuiz() {}

    static QuizDraft read(String text) {
        var draft = new QuizDraft();
        var block = new ArrayList<Line>();
        int number = 0;
        boolean begun = false;
        for (String raw : text.lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.startsWith("#")) {
                continue;
            }
            if (!begun && line.toLowerCase(Locale.ROOT).startsWith(TITLE)) {
                draft.title(number, line.substring(TITLE.length()).strip());
            } else if (line.isEmpty()) {
                add(block, draft);
            } else {
                block.add(new Line(number, line));
            }
            begun |= !line.isEmpty();
        }
        add(block, draft);
        draft.end(Math.max(1, number));
        return draft;
    }

    private static void add(List<Line> block, QuizDraft draft) {
        if (block.isEmpty()) {
            return;
        }
        var question = block.getFirst();
        var entry = draft.question(question.number());
        entry.prompt(question.number(), question.text());
        int right = 0;
        for (Line line : block.subList(1, block.size())) {
            boolean star = line.text().startsWith("*");
            if (star) {
                right++;
                entry.answer(entry.optionCount());
            }
            entry.option(line.number(), star ? line.text().substring(1).strip() : line.text());
        }
        if (right != 1) {
            entry.problem("number of options with a star is %d: must be 1".formatted(right));
        }
        entry.end();
        block.clear();
    }
}
