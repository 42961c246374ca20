package io.grandstand.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.cli.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever a file says, the answer is settings or problems, never an exception.
class GatewayFilePropertyTest {
    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("gateway-file");
    }

    @AfterContainer
    static void removeFolder() {
        new DataFolder(folder, true).close();
    }

    /// A key as a file has it, and what stands there.
    record Line(String path, String value) {}

    @Property(tries = 300)
    void anySubsetOfKeysWithAnyValuesIsReadOrRefused(@ForAll("anyLines") List<Line> lines) {
        String yaml = yaml(lines);
        Configuration configuration = Configuration.in(folder, yaml);
        for (String problem : configuration.problems()) {
            assertThat(problem).as(yaml).matches("\\d+:\\d+: (?s).+");
        }
    }

    @Property(tries = 300)
    void aKeyOfTheWrongTypeIsRefusedAtItsPlace(@ForAll("wronglyTyped") Line line) {
        var lines = new ArrayList<>(List.of(line));
        String yaml = yaml(lines);
        assertThat(Configuration.in(folder, yaml).problems())
                .as(yaml)
                .anyMatch(problem -> problem.contains(": " + line.path() + " "));
    }

    /// The bounds in the list of keys are those of the records behind them: whatever they let
    /// through makes settings. Bounds between keys are kept here by the lists of values.
    @Property(tries = 300)
    void whateverIsWithinBoundsMakesSettings(@ForAll("rightLines") List<Line> lines) {
        var all = new ArrayList<>(lines);
        all.add(new Line("kafka.bootstrap.servers", "localhost:9092"));
        all.add(new Line("authentication.hmac.secret-file", "secret"));
        all.add(new Line("listen.tls.certificate-file", "server.crt"));
        all.add(new Line("listen.tls.key-file", "server.key"));
        all.add(new Line("authentication.jwks.url", "https://a.example/keys"));
        all.add(new Line("namespaces.prices.topic", "prices.v1"));
        String yaml = yaml(all);
        assertThat(Configuration.in(folder, yaml).problems()).as(yaml).isEmpty();
    }

    @Property(tries = 300)
    void anyDamageToAFileIsReadOrRefused(@ForAll("seeds") long seed) throws IOException {
        var random = new Random(seed);
        var text = new StringBuilder(Files.readString(Path.of("..", "docs/examples/gateway.yaml")));
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(text.length());
            String damage = "\n:{}[]&*?#'\"|>-!%@`, \t\u0000\u00e9ab0";
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, damage.charAt(random.nextInt(damage.length())));
                case 1 -> text.insert(at, damage.charAt(random.nextInt(damage.length())));
                default -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
            }
        }
        assertThat(Configuration.in(folder, text.toString()).problems())
                .as("seed %d", seed)
                .allMatch(problem -> problem.matches("\\d+:\\d+: (?s).+"));
    }

    @Property(tries = 300)
    void anyEnvironmentIsTakenOrRefused(@ForAll("variables") Map<String, String> environment) {
        Configuration configuration = Configuration.in(folder, Configuration.REQUIRED);
        assertThat(configuration.problems(environment))
                .as(environment.toString())
                .allMatch(problem -> !problem.isBlank());
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Provide
    Arbitrary<List<Line>> anyLines() {
        return Combinators.combine(paths(), anyValues()).as(Line::new).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<Line> wronglyTyped() {
        Arbitrary<String> paths =
                Arbitraries.of(Keys.ALL)
                        .map(Key::path)
                        .map(path -> path.replace(".*", ".prices"))
                        .filter(path -> !path.startsWith("kafka."));
        return Combinators.combine(paths, Arbitraries.of("{a: b}", "[[a]]", "\"\"", ""))
                .as(Line::new)
                .filter(line -> !(line.value().equals("\"\"") && isList(line.path())));
    }

    @Provide
    Arbitrary<List<Line>> rightLines() {
        return Arbitraries.of(Keys.ALL)
                .filter(key -> !key.path().startsWith("kafka") && !RIGHT_ELSEWHERE.contains(key))
                .flatMap(key ->
                        Arbitraries.of(rightValues(key))
                                .map(value -> new Line(key.path().replace(".*", ".prices"), value)))
                .list()
                .uniqueElements(Line::path)
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<Map<String, String>> variables() {
        var names = new ArrayList<String>();
        Keys.ALL.forEach(key -> names.add(Key.variable(key.path().replace(".*", ".prices"))));
        KafkaSettings.names().forEach(name -> names.add(Key.variable("kafka." + name)));
        names.add("GRANDSTAND_");
        names.add("GRANDSTAND_X");
        names.add("HOME");
        return Arbitraries.maps(Arbitraries.of(names), anyValues()).ofMaxSize(6);
    }

    private static final List<Key<?>> RIGHT_ELSEWHERE =
            List.of(
                    Keys.TLS_CERTIFICATE_FILE,
                    Keys.TLS_KEY_FILE,
                    Keys.HMAC_SECRET,
                    Keys.HMAC_SECRET_FILE,
                    Keys.JWKS_URL,
                    Keys.TOPIC);

    private static List<String> rightValues(Key<?> key) {
        return switch (key.path()) {
            case "namespaces.*.schema-file" -> List.of("result.schema.json");
            case "namespaces.*.key" -> List.of("channel");
            case "namespaces.*.presence" -> List.of("none");
            case "namespaces.*.join-leave" -> List.of("false");
            case "backpressure.low-bytes" -> List.of("1", "63 KiB", "65535");
            case "backpressure.high-bytes" -> List.of("65537", "1 MiB", "2147483647");
            case "timing.ping" -> List.of("25s", "24h");
            case "timing.pong" -> List.of("100ms", "10s");
            case "limits.frame-bytes" -> List.of("64 KiB", "1 MiB");
            case "limits.publish-bytes" -> List.of("1", "64 KiB");
            case "namespaces.*.publish-bytes" -> List.of("0", "64 KiB");
            case "internal-topics.presence" -> List.of("p");
            case "internal-topics.publishes" -> List.of("q");
            case "internal-topics.revocations" -> List.of("r");
            default -> edges(key);
        };
    }

    /// The smallest and the largest value, as the reference tells them.
    private static List<String> edges(Key<?> key) {
        String bounds = key.kind().bounds();
        return switch (key.kind().name()) {
            case "whole number", "size", "duration" ->
                    bounds.endsWith(" or more")
                            ? List.of(bounds.replace(" or more", ""), "2147483647")
                            : List.of(bounds.split(" to "));
            case "`true` or `false`" -> List.of("true", "false");
            case "text", "topic" -> List.of("some-text");
            case "list of text" -> List.of("[]", "[0123456789abcdef0123456789abcdef]");
            case "list of origin" -> List.of("[]", "['*']", "[https://a.example:444]");
            default -> List.of(key.kind().name().replace("`", "").split(", "));
        };
    }

    private static boolean isList(String path) {
        return Keys.ALL.stream()
                .filter(key -> key.kind() instanceof Kind.Many<?>)
                .anyMatch(key -> key.path().replace(".*", ".prices").equals(path));
    }

    private static Arbitrary<String> paths() {
        var paths = new ArrayList<String>();
        for (Key<?> key : Keys.ALL) {
            paths.add(key.path().replace(".*", ".prices"));
            paths.add(key.path().replace(".*", ".x"));
            int dot = key.path().indexOf('.');
            paths.add(dot < 0 ? key.path() : key.path().substring(0, dot));
        }
        paths.add("kafka.bootstrap.servers");
        paths.add("kafka.max.poll.records");
        paths.add("namespaces.");
        paths.add("namespaces.chat");
        paths.add("nonsense");
        return Arbitraries.of(paths);
    }

    private static Arbitrary<String> anyValues() {
        return Arbitraries.of(
                "",
                "~",
                "\"\"",
                "true",
                "yes",
                "0",
                "-1",
                "8000",
                "99999999999",
                "1.5",
                "64 KiB",
                "9999999999 MiB",
                "25s",
                "999999999h",
                "0ms",
                "own",
                "full",
                "latest",
                "player",
                "secret",
                "short",
                "..",
                "/",
                "\"a\\0b\"",
                "result.schema.json",
                "server.crt",
                "server.key",
                "gateway.yaml",
                "https://a.example",
                "'*'",
                "'%s %d'",
                "[]",
                "[[]]",
                "[a, b]",
                "[a, {b: c}]",
                "{}",
                "{a: b}",
                "{prices: [a]}",
                "p",
                "*x",
                "&x y",
                "!!binary aGk=",
                "2001-01-01",
                "a:1,b:2",
                "\u00fc");
    }

    /// The file that has these lines, in flow style within sections; of two lines with one path
    /// both are there.
    private static String yaml(List<Line> lines) {
        var yaml = new StringBuilder();
        var tops = new LinkedHashMap<String, List<Line>>();
        for (Line line : lines) {
            String[] parts = line.path().split("\\.", 2);
            tops.computeIfAbsent(parts[0], _ -> new ArrayList<>())
                    .add(new Line(parts.length == 1 ? "" : parts[1], line.value()));
        }
        tops.forEach((top, inside) -> {
            if (inside.stream().anyMatch(line -> line.path().isEmpty())) {
                yaml.append("%s: %s%n".formatted(top, inside.getFirst().value()));
            } else if (top.equals("kafka")) {
                yaml.append("kafka:\n");
                inside.forEach(line -> append(yaml, 1, line.path(), line.value()));
            } else {
                yaml.append(top).append(":\n");
                nested(yaml, 1, inside);
            }
        });
        return yaml.toString();
    }

    private static void nested(StringBuilder yaml, int depth, List<Line> lines) {
        var sections = new LinkedHashMap<String, List<Line>>();
        for (Line line : lines) {
            String[] parts = line.path().split("\\.", 2);
            if (parts.length == 1) {
                append(yaml, depth, line.path(), line.value());
            } else {
                sections.computeIfAbsent(parts[0], _ -> new ArrayList<>())
                        .add(new Line(parts[1], line.value()));
            }
        }
        sections.forEach((name, inside) -> {
            append(yaml, depth, name, "");
            nested(yaml, depth + 1, inside);
        });
    }

    private static void append(StringBuilder yaml, int depth, String name, String value) {
        IntStream.range(0, depth).forEach(_ -> yaml.append("  "));
        yaml.append('"').append(name).append("\": ").append(value).append('\n');
    }
}
