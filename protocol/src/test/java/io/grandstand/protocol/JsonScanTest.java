package io.grandstand.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// A scan says the same of every text as a JSON parser does.
class JsonScanTest {
    private static final JsonFactory PARSERS = JsonReader.factory(JsonScan.NESTING_MAX);

    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"a\":",
        "0",
        "1",
        "-",
        "-0",
        "01",
        "1.5",
        "1.",
        ".5",
        "1e3",
        "1E+7",
        "2e-1",
        "1e",
        "true",
        "false",
        "null",
        "nul",
        "tru",
        " ",
        "\n",
        "\t",
        "\\",
        "\"\\n\"",
        "\"\\u00e4\"",
        "\"\\u00g4\"",
        "\"\\x\"",
        "\"\u0001\"",
        "\"ä€😀\"",
        "ä",
        "{}",
        "[]",
        "[[]]",
        "{\"a\":{}}",
        "[1,2]",
        "[1,]",
        "{,}"
    };

    @Property(tries = 20_000)
    void aScanAgreesWithAParser(@ForAll Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        check(text.toString());
    }

    /// Random pieces are seldom JSON; text that is, with one place changed, is nearly so.
    @Property(tries = 20_000)
    void aScanAgreesWithAParserOnTextThatIsNearlyJson(@ForAll Random random) {
        var text = new StringBuilder();
        value(random, text, 4);
        int change = random.nextInt(4);
        int place = random.nextInt(text.length());
        switch (change) {
            case 1 -> text.deleteCharAt(place);
            case 2 -> text.insert(place, PIECES[random.nextInt(PIECES.length)]);
            case 3 -> text.setCharAt(place, (char) random.nextInt(1, 127));
            default -> {}
        }
        check(text.toString());
    }

    @Test
    void bracketsNestToABound() {
        int max = JsonScan.NESTING_MAX;
        check("[".repeat(max) + "]".repeat(max));
        check("[".repeat(max + 1) + "]".repeat(max + 1));
        check("{\"a\":".repeat(max) + "1" + "}".repeat(max));
        check("[{\"a\":".repeat(max / 2) + "1" + "}]".repeat(max / 2));
        check("[{\"a\":".repeat(max / 2) + "1" + "]}".repeat(max / 2));
    }

    @Test
    void numbersAndNamesHaveABound() {
        check("1".repeat(JsonScan.NUMBER_BYTES_MAX));
        assertThat(scan("1".repeat(JsonScan.NUMBER_BYTES_MAX + 1))).isFalse();
        String longName = "a".repeat(JsonScan.NAME_BYTES_MAX - 2);
        check("{\"" + longName + "\":1}");
        assertThat(scan("{\"" + longName + "a\":1}")).isFalse();
    }

    private static void value(Random random, StringBuilder out, int depth) {
        switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> out.append(random.nextInt(-100, 100));
            case 1 -> out.append(random.nextDouble());
            case 2 -> out.append(random.nextBoolean() ? "null" : "true");
            case 3 -> out.append("\"a\\\"b\\\\ä\"");
            case 4 -> {
                out.append("[");
                for (int i = random.nextInt(3); i > 0; i--) {
                    value(random, out, depth - 1);
                    out.append(i > 1 ? " , " : "");
                }
                out.append("]");
            }
            default -> {
                out.append("{");
                for (int i = random.nextInt(3); i > 0; i--) {
                    out.append("\"f").append(i).append("\" : ");
                    value(random, out, depth - 1);
                    out.append(i > 1 ? "," : "");
                }
                out.append(" }");
            }
        }
    }

    private static void check(String text) {
        assertThat(scan(text)).as(text).isEqualTo(parses(text));
    }

    private static boolean scan(String text) {
        return JsonScan.isOneValue(text.getBytes(UTF_8));
    }

    private static boolean parses(String text) {
        try (JsonParser parser = PARSERS.createParser(text.getBytes(UTF_8))) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }
}
