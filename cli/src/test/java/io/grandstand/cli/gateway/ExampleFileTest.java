package io.grandstand.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keeps docs/examples/gateway.yaml true: it has every key that there is and no other, and what it
/// says of defaults and bounds is what the program has.
class ExampleFileTest {
    private static final String EXAMPLE = Docs.read("docs/examples/gateway.yaml");

    /// A key with its value and what is said of it; a `#` before the key takes it out of the file.
    private static final Pattern LINE =
            Pattern.compile("( *)(#?)([a-z][a-zA-Z.-]*):(?: ([^#{]*?))?(?: +# (.*))?");

    private static final String SECRET_LINE = "    #secret: ";

    /// A key of the example.
    ///
    /// @param pattern its path with `*` for names
    /// @param said the comment behind it
    record Shown(String pattern, String value, String said) {}

    @Test
    void theExampleIsAConfiguration(@TempDir Path folder) {
        assertThat(Configuration.in(folder, EXAMPLE).problems()).isEmpty();
    }

    @Test
    void itIsOneWithEachOfItsHiddenKeysToo(@TempDir Path folder) {
        String shown =
                EXAMPLE.lines()
                        .filter(line -> !line.startsWith(SECRET_LINE))
                        .map(line -> line.replaceFirst("^( *)#(?=[a-z])", "$1"))
                        .collect(Collectors.joining("\n"));
        assertThat(Configuration.in(folder, shown).problems()).isEmpty();
        String otherSecret =
                EXAMPLE.replaceFirst("(?m)^    secret-file: .*$", "")
                        .replace(SECRET_LINE, "    secret: ");
        assertThat(Configuration.in(folder, otherSecret).problems()).isEmpty();
    }

    @Test
    void itHasEveryKeyAndNoOther() {
        Set<String> keys = Keys.ALL.stream().map(Key::path).collect(Collectors.toSet());
        Set<String> shown =
                shown().stream().map(Shown::pattern).collect(Collectors.toCollection(TreeSet::new));
        assertThat(shown).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void itTellsEveryDefaultAndEveryBound() {
        for (Shown shown : shown()) {
            Key<?> key = Keys.find(shown.pattern()).orElseThrow();
            if (key.equals(Keys.KAFKA_SETTING)) {
                continue;
            }
            String standard = key.shownDefault();
            assertThat(shown.said())
                    .as(shown.pattern())
                    .startsWith(
                            shown.value().equals(standard)
                                    ? "default;"
                                    : "default " + standard + ";")
                    .contains(key.kind().bounds().replace("`", ""));
        }
    }

    @Test
    void whatItCallsDefaultIsWhatTheGatewayHas(@TempDir Path folder) throws Exception {
        GatewayConfig example = Configuration.in(folder, EXAMPLE).read().gateway();
        GatewayConfig standard = Configuration.in(folder, Configuration.REQUIRED).read().gateway();
        assertThat(example.limits()).isEqualTo(standard.limits());
        assertThat(example.backpressure()).isEqualTo(standard.backpressure());
        assertThat(example.timing()).isEqualTo(standard.timing());
        assertThat(example.compression()).isEqualTo(standard.compression());
        assertThat(example.internalTopics()).isEqualTo(standard.internalTopics());
        assertThat(example.shards()).isEqualTo(standard.shards());
        assertThat(example.listen().host()).isEqualTo(standard.listen().host());
        assertThat(example.listen().port()).isEqualTo(standard.listen().port());
    }

    /// The keys of the example by its lines; a section is a key without a value.
    private static List<Shown> shown() {
        var shown = new ArrayList<Shown>();
        Deque<String> sections = new ArrayDeque<>();
        for (String line : EXAMPLE.lines().toList()) {
            Matcher key = LINE.matcher(line);
            if (!key.matches()) {
                continue;
            }
            while (sections.size() > key.group(1).length() / 2) {
                sections.removeLast();
            }
            var names = new ArrayList<>(sections);
            names.add(key.group(3));
            String pattern = pattern(String.join(".", names));
            if (Keys.inside(pattern).isEmpty()) {
                shown.add(
                        new Shown(
                                pattern,
                                key.group(4) == null ? "" : key.group(4),
                                key.group(5) == null ? "" : key.group(5)));
            } else {
                sections.addLast(key.group(3));
            }
        }
        return shown;
    }

    private static String pattern(String path) {
        return path.replaceFirst("^namespaces\\.[a-z]+", "namespaces.*")
                .replaceFirst("^kafka\\..+", "kafka.*");
    }
}
