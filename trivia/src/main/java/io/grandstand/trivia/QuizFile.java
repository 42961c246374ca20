package io.grandstand.trivia;

import io.grandstand.events.Question.Option;
import io.grandstand.events.Terms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A quiz with its answers, as a file tells it. Immutable.
///
/// @param match the quiz's match id: its name and a hash of its content, so that an edited file is
///   another quiz and never continues the one before
/// @param title what is played, for people
/// @param items the questions in the order asked; at least one
/// @param terms how they count beyond their points; null: plainly
public record QuizFile(String match, String title, List<Item> items, @Nullable Terms terms) {
    private static final long FILE_BYTES_MAX = 1 << 20;
    private static final int NAME_LENGTH_MAX = 36;
    private static final int HASH_BYTES = 4;
    private static final Pattern FOREIGN = Pattern.compile("[^A-Za-z0-9._~-]+");

    /// One question.
    ///
    /// @param options with ids `a`, `b`, `c`, … in the file's order
    /// @param answer the id of the right one
    public record Item(String prompt, List<Option> options, String answer, int points) {
        public Item {
            options = List.copyOf(options);
        }
    }

    /// A quiz with plain terms.
    public QuizFile(String match, String title, List<Item> items) {
        this(match, title, items, null);
    }

    public QuizFile {
        items = List.copyOf(items);
    }

    /// The quiz in this file: YAML if its name ends in `.yaml` or `.yml`, JSON (which is YAML) if
    /// it ends in `.json`, else plain text.
    ///
    /// ```
    /// title: Capitals                       title: Capitals
    /// questions:
    ///   - question: Capital of Peru?        # the right option has a star
    ///     options: [Cusco, Lima]            Capital of Peru?
    ///     answer: Lima                      Cusco
    ///     points: 20                        * Lima
    /// ```
    ///
    /// In YAML `answer` is an option or its number from 1; an option of that text comes first.
    /// `points` is 10 where it is missing, and always 10 in plain text. `rules` says how all of its
    /// questions count beyond that:
    ///
    /// ```
    /// rules:
    ///   answers: last          # or first, which is the rule where it is missing
    ///   speed-floor: 2         # points of a right answer that took speed-seconds or longer
    ///   speed-seconds: 10
    ///   streak-bonus: 2        # more for each right answer in a row before
    ///   streak-max: 10
    ///   season: autumn
    /// ```
    ///
    /// @throws QuizFileException with every problem of the file
    public static QuizFile read(Path file) throws QuizFileException {
        byte[] bytes = bytes(file);
        String text = text(file, bytes);
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot <= 0 ? name : name.substring(0, dot);
        String ending = dot <= 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
        var draft =
                switch (ending) {
                    case ".yaml", ".yml", ".json" -> YamlQuiz.read(text);
                    default -> TextQuiz.read(text);
                };
        if (!draft.problems().isEmpty()) {
            throw new QuizFileException(file, draft.problems());
        }
        return new QuizFile(match(stem, bytes), draft.titleOr(stem), draft.items(), draft.terms());
    }

    private static byte[] bytes(Path file) throws QuizFileException {
        try {
            if (!Files.isRegularFile(file)) {
                throw problem(file, Files.exists(file) ? "is not a file" : "does not exist");
            }
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw problem(file, "has %d bytes: at most %d".formatted(size, FILE_BYTES_MAX));
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw problem(file, "does not exist");
        } catch (IOException e) {
            throw problem(file, "cannot be read: " + e.getMessage());
        }
    }

    private static String text(Path file, byte[] bytes) throws QuizFileException {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            // Some editors begin a file with a byte order mark.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw problem(file, "is not UTF-8 text");
        }
    }

    private static String match(String stem, byte[] bytes) {
        String name = FOREIGN.matcher(stem).replaceAll("-");
        name = name.substring(0, Math.min(name.length(), NAME_LENGTH_MAX));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "quiz-%s-%s".formatted(name, HexFormat.of().formatHex(hash, 0, HASH_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static QuizFileException problem(Path file, String problem) {
        return new QuizFileException(file, List.of(problem));
    }
}
