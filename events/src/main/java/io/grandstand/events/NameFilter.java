package io.grandstand.events;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Which display names boards show, by a list of words. Thread-safe.
///
/// The list is UTF-8 text, one word a line; `#` begins a comment. A word is refused where it stands
/// alone; with a star on both sides, `*word*`, also within others. Case, accents, repeated letters
/// and common look-alikes such as `4` for `a` make no difference, nor does spacing a name out. What
/// a list cannot know, such as letters of other alphabets that look alike, passes.
public final class NameFilter {
    /// Longest list, in words: each is tried on every name.
    private static final int WORDS_MAX = 10_000;

    private static final String LOOK_ALIKES = "013457@$!|";
    private static final String LETTERS = "oieastasil";

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}]+");

    /// Marks that turn the direction of text, and so could make a name look like another.
    private static final Pattern DIRECTION_MARKS =
            Pattern.compile("[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private final List<Pattern> alone;
    private final List<Pattern> within;

    private NameFilter(List<Pattern> alone, List<Pattern> within) {
        this.alone = List.copyOf(alone);
        this.within = List.copyOf(within);
    }

    /// The small list that comes with the product.
    public static NameFilter standard() {
        try (InputStream words = NameFilter.class.getResourceAsStream("refused-names.txt")) {
            if (words == null) {
                throw new AssertionError("refused-names.txt is missing");
            }
            return of(
                    new BufferedReader(new InputStreamReader(words, StandardCharsets.UTF_8))
                            .lines()
                            .toList());
        } catch (IOException e) {
            throw new AssertionError("refused-names.txt cannot be read", e);
        }
    }

    /// The list in this file.
    ///
    /// @throws IllegalArgumentException with the line that is no word
    public static NameFilter read(Path file) throws IOException {
        return of(Files.readAllLines(file));
    }

    /// A list from its lines.
    ///
    /// @throws IllegalArgumentException with the line that is no word
    public static NameFilter of(List<String> lines) {
        var alone = new ArrayList<Pattern>();
        var within = new ArrayList<Pattern>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (line.isEmpty()) {
                continue;
            }
            boolean isWithin = line.length() > 2 && line.startsWith("*") && line.endsWith("*");
            String word = folded(isWithin ? line.substring(1, line.length() - 1) : line);
            Check.require(
                    !word.isEmpty() && word.codePoints().allMatch(Character::isLetter),
                    "line %d is '%s': must be one word of letters, or *word*",
                    i + 1,
                    line);
            (isWithin ? within : alone).add(stretched(word));
        }
        Check.range("number of words", alone.size() + within.size(), 0, WORDS_MAX);
        return new NameFilter(alone, within);
    }

    /// Whether boards show this name.
    public boolean allows(String name) {
        if (DIRECTION_MARKS.matcher(name).find()) {
            return false;
        }
        String folded = folded(name);
        String joined = NO_LETTERS.matcher(folded).replaceAll("");
        if (within.stream().anyMatch(word -> word.matcher(joined).find())
                || alone.stream().anyMatch(word -> word.matcher(joined).matches())) {
            return false;
        }
        return NO_LETTERS
                .splitAsStream(folded)
                .noneMatch(part -> alone.stream().anyMatch(word -> word.matcher(part).matches()));
    }

    private static String folded(String text) {
        String plain =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
        var folded = new StringBuilder(plain.length());
        for (char c : plain.toLowerCase(Locale.ROOT).toCharArray()) {
            int lookAlike = LOOK_ALIKES.indexOf(c);
            folded.append(lookAlike < 0 ? c : LETTERS.charAt(lookAlike));
        }
        return folded.toString();
    }

    /// The word with each of its letters once or more often, but none less often than in the word.
    private static Pattern stretched(String word) {
        var pattern = new StringBuilder();
        word.codePoints()
                .forEach(letter ->
                        pattern.append(Pattern.quote(Character.toString(letter))).append('+'));
        return Pattern.compile(pattern.toString());
    }
}
