package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// A configuration in a folder of a test, with the files it may name.
record Configuration(Path file) {
    /// What every configuration must have; a test adds what it is about.
    static final String REQUIRED =
            """
            kafka: {bootstrap.servers: "localhost:9092"}
            authentication: {hmac: {secret: 0123456789abcdef0123456789abcdef}}
            namespaces: {prices: {}}
            """;

    /// Writes `yaml` as gateway.yaml, and beside it a good secret, a short one, a schema, and a
    /// certificate with its key.
    static Configuration in(Path folder, String yaml) {
        try {
            Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
            Files.writeString(folder.resolve("short"), "0123456789abcdef\n");
            Files.writeString(folder.resolve("result.schema.json"), "{\"type\": \"object\"}");
            for (String name : List.of("server.crt", "server.key")) {
                Files.writeString(folder.resolve(name), resource(name));
            }
            return new Configuration(Files.writeString(folder.resolve("gateway.yaml"), yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file made for tests; its certificate lasts a hundred years.
    static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(Configuration.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GatewaySettings read() throws GatewayFileException {
        return read(Map.of());
    }

    GatewaySettings read(Map<String, String> environment, Setting... options)
            throws GatewayFileException {
        return GatewayFile.read(file, environment, List.of(options), false).settings();
    }

    /// The problems, each with its place in the file: `3:7: ...`; none where it can be used.
    List<String> problems(Map<String, String> environment, Setting... options) {
        try {
            read(environment, options);
            return List.of();
        } catch (GatewayFileException e) {
            return e.problems().stream()
                    .map(problem ->
                            problem.toString()
                                    .replaceFirst(Pattern.quote(file + ":") + "(?=\\d)", ""))
                    .map(problem -> problem.replace(file.resolveSibling("").toString(), "DIR"))
                    .toList();
        }
    }

    List<String> problems() {
        return problems(Map.of());
    }
}
