package io.grandstand.cli.gateway;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What values a key takes.
///
/// @param <T> what its values are read as
sealed interface Kind<T> {
    /// The longest time that any key takes.
    Duration DURATION_MAX = Duration.ofHours(24);

    /// The kind in the words of the reference: `whole number`.
    String name();

    /// What values of the kind are refused, in the words of the reference: `0 to 65535`; empty
    /// where the name says it all.
    String bounds();

    /// The value at `node`; null where it is refused, which goes to `problems`.
    @Nullable T read(String path, Node node, Problems problems);

    /// A value as it is written.
    String show(T value);

    /// What an environment variable or an option says, as a file would.
    Node node(Place place, String text);

    /// One value.
    ///
    /// @param mustBe completes the sentence "must be ..."
    /// @param secret whether a problem must not show the value
    /// @param parse the value of a text, or null where it is refused
    record One<T>(
            String name,
            String bounds,
            String mustBe,
            boolean secret,
            Function<String, @Nullable T> parse,
            Function<T, String> written)
            implements Kind<T> {

        @Override
        public @Nullable T read(String path, Node node, Problems problems) {
            return switch (node) {
                case Node.Text(Place place, String text) -> {
                    T value = parse.apply(text);
                    if (value == null) {
                        problems.add(
                                place,
                                "%s is %s: must be %s",
                                path,
                                secret ? "not shown" : quote(text),
                                mustBe);
                    }
                    yield value;
                }
                case Node.Items(Place place, _) -> {
                    problems.add(place, "%s is a list: must be %s", path, mustBe);
                    yield null;
                }
                case Node.Fields(Place place, _) -> {
                    problems.add(place, "%s has keys of its own: must be %s", path, mustBe);
                    yield null;
                }
                case Node.Nothing(Place place) -> {
                    problems.add(place, "%s has no value: must be %s, or left out", path, mustBe);
                    yield null;
                }
                case Node.Refused _ -> null;
            };
        }

        @Override
        public String show(T value) {
            return written.apply(value);
        }

        @Override
        public Node node(Place place, String text) {
            return new Node.Text(place, text);
        }
    }

    /// A list of values; in one line of text, separated by commas.
    record Many<T>(One<T> element) implements Kind<List<T>> {
        @Override
        public String name() {
            return "list of " + element.name();
        }

        @Override
        public String bounds() {
            return element.bounds();
        }

        @Override
        public @Nullable List<T> read(String path, Node node, Problems problems) {
            return switch (node) {
                case Node.Items(_, List<Node> items) -> {
                    var values = new ArrayList<T>();
                    for (Node item : items) {
                        T value = element.read(path, item, problems);
                        if (value != null) {
                            values.add(value);
                        }
                    }
                    yield values.size() == items.size() ? values : null;
                }
                case Node.Refused _ -> null;
                case Node.Text _, Node.Fields _, Node.Nothing _ -> {
                    problems.add(
                            node.place(),
                            "%s is no list: must be written as [a, b], or with '- a' in lines",
                            path);
                    yield null;
                }
            };
        }

        @Override
        public String show(List<T> values) {
            return values.stream().map(element::show).collect(Collectors.joining(", ", "[", "]"));
        }

        @Override
        public Node node(Place place, String text) {
            return new Node.Items(
                    place,
                    Arrays.stream(text.split(",", -1))
                            .map(String::strip)
                            .filter(part -> !part.isEmpty())
                            .map(part -> (Node) new Node.Text(place, part))
                            .toList());
        }
    }

    static One<String> text() {
        return new One<>("text", "", "text", false, Kind::notEmpty, value -> value);
    }

    /// A text that is nobody else's to read.
    static One<String> secret(int bytesMin) {
        return new One<>(
                "text",
                "at least %d bytes".formatted(bytesMin),
                "text of at least %d bytes".formatted(bytesMin),
                true,
                text -> text.getBytes(StandardCharsets.UTF_8).length >= bytesMin ? text : null,
                _ -> "");
    }

    static One<Boolean> flag() {
        return new One<>(
                "`true` or `false`",
                "",
                "true or false",
                false,
                text ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> null;
                        },
                String::valueOf);
    }

    static One<Integer> whole(int min, int max) {
        String bounds = bounds(min, max, String::valueOf);
        return new One<>(
                "whole number",
                bounds,
                "a whole number, " + bounds,
                false,
                text -> {
                    if (!text.matches("-?\\d{1,10}")) {
                        return null;
                    }
                    long value = Long.parseLong(text);
                    return value >= min && value <= max ? (int) value : null;
                },
                String::valueOf);
    }

    /// A number of bytes.
    static One<Integer> size(int min, int max) {
        String bounds = bounds(min, max, Sizes::show);
        return new One<>(
                "size",
                bounds,
                "a size such as 64 KiB, " + bounds,
                false,
                text -> {
                    OptionalLong bytes = Sizes.parse(text);
                    return bytes.isPresent() && bytes.getAsLong() >= min && bytes.getAsLong() <= max
                            ? (int) bytes.getAsLong()
                            : null;
                },
                Sizes::show);
    }

    /// A time from `min` to a day.
    static One<Duration> duration(Duration min) {
        String bounds = "%s to %s".formatted(Durations.show(min), Durations.show(DURATION_MAX));
        return new One<>(
                "duration",
                bounds,
                "a duration such as 900ms, 25s or 10m, " + bounds,
                false,
                text -> {
                    Duration value = Durations.parse(text);
                    return value != null
                                    && value.compareTo(min) >= 0
                                    && value.compareTo(DURATION_MAX) <= 0
                            ? value
                            : null;
                },
                Durations::show);
    }

    /// One of the constants of an enum, in lower case.
    static <E extends Enum<E>> One<E> choice(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        return new One<>(
                constants.stream()
                        .map(constant -> "`" + word(constant) + "`")
                        .collect(Collectors.joining(", ")),
                "",
                constants.stream().map(Kind::word).collect(Collectors.joining(" or ")),
                false,
                text ->
                        constants.stream()
                                .filter(constant -> word(constant).equals(text))
                                .findFirst()
                                .orElse(null),
                Kind::word);
    }

    static One<Path> file() {
        return new One<>(
                "file",
                "",
                "the path of a file",
                false,
                text -> {
                    try {
                        return text.isEmpty() ? null : Path.of(text);
                    } catch (InvalidPathException e) {
                        return null;
                    }
                },
                Path::toString);
    }

    /// The name of a Kafka topic.
    static One<String> topic() {
        Pattern legal = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
        String bounds = "1 to 249 of `A-Z a-z 0-9 . _ -`, not beginning with `__`";
        return new One<>(
                "topic",
                bounds,
                "a topic that clients may see: " + bounds.replace("`", ""),
                false,
                text ->
                        legal.matcher(text).matches()
                                        && !Set.of(".", "..").contains(text)
                                        // Kafka's own: committed offsets, transactions.
                                        && !text.startsWith("__")
                                ? text
                                : null,
                value -> value);
    }

    /// What a browser says of where a page comes from, or `*`.
    static One<String> origin() {
        Pattern legal = Pattern.compile("\\*|[a-z][a-z0-9+.-]*://[^/?#@\\sA-Z]+");
        return new One<>(
                "origin",
                "scheme, host and port alone, in lower case, or `*`",
                "an origin such as https://play.example, without a path, or '*' for any",
                false,
                text -> legal.matcher(text).matches() ? text : null,
                value -> value);
    }

    /// An address that nobody on the way can change the answer of.
    static One<URI> secureAddress() {
        return new One<>(
                "URL",
                "`https`, or `http` to this machine",
                "an https address, or an http address of this machine",
                false,
                text -> {
                    try {
                        var address = new URI(text);
                        return isSecure(address) ? address : null;
                    } catch (URISyntaxException e) {
                        return null;
                    }
                },
                URI::toString);
    }

    private static boolean isSecure(URI address) {
        String host = address.getHost();
        return host != null
                && ("https".equals(address.getScheme())
                        || ("http".equals(address.getScheme())
                                && Set.of("localhost", "127.0.0.1", "[::1]").contains(host)));
    }

    private static @Nullable String notEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String bounds(int min, int max, Function<Integer, String> written) {
        return max == Integer.MAX_VALUE
                ? written.apply(min) + " or more"
                : written.apply(min) + " to " + written.apply(max);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// Long values are cut: a problem is one line.
    private static String quote(String text) {
        String line = text.replace('\n', ' ');
        return line.length() > 60 ? "'" + line.substring(0, 60) + "...'" : "'" + line + "'";
    }
}
