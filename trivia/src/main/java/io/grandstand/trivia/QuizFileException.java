package io.grandstand.trivia;

import java.nio.file.Path;
import java.util.List;

/// A quiz file with problems: all of them at once, each with its line.
public final class QuizFileException extends Exception {
    private static final long serialVersionUID = 1;

    QuizFileException(Path file, List<String> problems) {
        super(message(file, problems));
    }

    private static String message(Path file, List<String> problems) {
        if (problems.size() == 1) {
            return file.getFileName() + ": " + problems.getFirst();
        }
        return "%s has %d problems:%n  %s"
                .formatted(
                        file.getFileName(),
                        problems.size(),
                        String.join(System.lineSeparator() + "  ", problems));
    }
}
