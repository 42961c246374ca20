package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.cli.KafkaSettings;
import io.grandstand.cli.Nearest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The configuration of a stand-alone gateway: a YAML file, and what environment variables and
/// options say instead. docs/configuration.md lists the keys.
///
/// It is read in steps: the tree of the file, the value of each key, the overrides, the files it
/// names, what keys have to do with each other, and last the settings. Problems are collected on
/// the way and told all at once.
final class GatewayFile {
    private static final long FILE_BYTES_MAX = 1 << 20;

    /// As `Namespace` has it.
    private static final Pattern NAMESPACE_NAME = Pattern.compile("[-a-zA-Z0-9_]{2,}|");

    private final Draft draft;
    private final GatewaySettings settings;

    private GatewayFile(Draft draft, GatewaySettings settings) {
        this.draft = draft;
        this.settings = settings;
    }

    /// Reads a configuration.
    ///
    /// @param environment the environment variables; those that begin with `GRANDSTAND_` count
    ///   before the file
    /// @param options what the command line says; counts before all others
    /// @param insecure whether everybody is let in without a token, whatever the file says
    /// @throws GatewayFileException with every problem
    static GatewayFile read(
            Path file, Map<String, String> environment, List<Setting> options, boolean insecure)
            throws GatewayFileException {
        var draft = new Draft(file);
        Optional<String> text = content(draft, file, Place.of(file.toString()), "");
        stopAtProblems(draft);
        Node root = YamlTree.read(file.toString(), text.orElseThrow(), draft.problems);
        if (root instanceof Node.Refused) {
            stopAtProblems(draft);
        }
        read(draft, root);
        var outside =
                new ArrayList<>(
                        Environment.settings(environment, draft.namespaces, draft.problems));
        outside.addAll(options);
        for (Setting setting : outside) {
            value(draft, setting.key(), setting.path(), setting.node());
        }
        readNamedFiles(draft);
        CrossChecks.check(draft, insecure);
        stopAtProblems(draft);
        return new GatewayFile(draft, SettingsOfDraft.settings(draft, insecure));
    }

    GatewaySettings settings() {
        return settings;
    }

    /// A problem that shows only when the settings are used: `sentence` about the key at `path`.
    Problem problem(String path, String sentence, Object... arguments) {
        return new Problem(draft.placeOf(path), String.format(sentence, arguments));
    }

    private static void stopAtProblems(Draft draft) throws GatewayFileException {
        if (!draft.problems.isEmpty()) {
            throw new GatewayFileException(draft.problems.all());
        }
    }

    // --- the tree -------------------------------------------------------------------------------

    private static void read(Draft draft, Node root) {
        draft.values.section("", root.place());
        switch (root) {
            case Node.Fields fields -> section(draft, "", "", fields);
            case Node.Nothing _, Node.Refused _ -> {}
            case Node.Text _, Node.Items _ ->
                    draft.problem("", "must be keys: %s", String.join(", ", Keys.inside("")));
        }
    }

    /// Reads a section.
    ///
    /// @param pattern its path with `*` for names
    private static void section(Draft draft, String pattern, String path, Node.Fields fields) {
        for (Node.Field field : fields.fields()) {
            switch (pattern) {
                case Keys.KAFKA -> kafkaSetting(draft, field);
                case Keys.NAMESPACES -> namespace(draft, field);
                default -> child(draft, pattern, path, field);
            }
        }
    }

    private static void child(Draft draft, String section, String sectionPath, Node.Field field) {
        String pattern = join(section, field.name());
        String path = join(sectionPath, field.name());
        if (field.name().contains(".")) {
            draft.problems.add(
                    field.place(),
                    "%s: must be written as keys within keys, such as listen: {port: 8000}",
                    path);
            return;
        }
        Optional<Key<?>> key = Keys.find(pattern);
        if (key.isPresent()) {
            value(draft, key.get(), path, field.value());
        } else if (Keys.inside(pattern).isEmpty()) {
            unknown(draft, section, path, field);
        } else {
            subsection(draft, pattern, path, field);
        }
    }

    private static void subsection(Draft draft, String pattern, String path, Node.Field field) {
        draft.values.section(path, field.place());
        switch (field.value()) {
            case Node.Fields fields -> section(draft, pattern, path, fields);
            case Node.Nothing _, Node.Refused _ -> {}
            case Node.Text _, Node.Items _ ->
                    draft.problems.add(
                            field.value().place(),
                            "%s must be keys: %s",
                            path,
                            named(String.join(", ", Keys.inside(pattern))));
        }
    }

    private static void namespace(Draft draft, Node.Field field) {
        String path = join(Keys.NAMESPACES, field.name());
        if (NAMESPACE_NAME.matcher(field.name()).matches()) {
            draft.namespaces.add(field.name());
            subsection(draft, Keys.NAMESPACE, path, field);
        } else {
            draft.hasRefusedNamespace = true;
            draft.problems.add(
                    field.place(),
                    "%s must have a name of two or more of A-Z a-z 0-9 - _, or the empty name \"\"",
                    path);
        }
    }

    private static void kafkaSetting(Draft draft, Node.Field field) {
        Set<String> known = KafkaSettings.names();
        String path = Keys.KAFKA_SETTING.path(field.name());
        if (known.contains(field.name())) {
            value(draft, Keys.KAFKA_SETTING, path, field.value());
        } else {
            draft.problems.add(
                    field.place(),
                    "%s: Kafka's clients have no such setting; did you mean '%s'?",
                    path,
                    Keys.KAFKA_SETTING.path(Nearest.of(field.name(), known)));
        }
    }

    private static void value(Draft draft, Key<?> key, String path, Node node) {
        draft.values.read(key, path, node, draft.problems);
        if (key.equals(Keys.KAFKA_SETTING) && !draft.kafka.contains(path)) {
            draft.kafka.add(path);
        }
    }

    /// A key of the same name elsewhere is more likely meant than one here of quite another name.
    private static void unknown(Draft draft, String section, String path, Node.Field field) {
        String sibling = Nearest.of(field.name(), Keys.inside(section));
        boolean isFar = Nearest.distance(field.name(), sibling) > 2;
        String meant =
                Keys.ALL.stream()
                        .map(Key::path)
                        .filter(known -> isFar && known.endsWith("." + field.name()))
                        .findFirst()
                        .orElse(join(section, sibling));
        draft.problems.add(
                field.place(), "%s: there is no such key; did you mean '%s'?", path, named(meant));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String named(String pattern) {
        return pattern.replace("*", "<name>");
    }

    // --- files ----------------------------------------------------------------------------------

    private static void readNamedFiles(Draft draft) {
        for (var key : List.of(Keys.TLS_CERTIFICATE_FILE, Keys.TLS_KEY_FILE)) {
            readNamedFile(draft, key, key.path());
        }
        readNamedFile(draft, Keys.HMAC_SECRET_FILE, Keys.HMAC_SECRET_FILE.path());
        for (String namespace : draft.namespaces) {
            readNamedFile(draft, Keys.SCHEMA_FILE, Keys.SCHEMA_FILE.path(namespace));
        }
    }

    private static void readNamedFile(Draft draft, Key<Path> key, String path) {
        draft.values
                .given(key, path)
                .map(draft::resolve)
                .flatMap(
                        file -> content(draft, file, draft.placeOf(path), path + ": " + file + " "))
                .ifPresent(text -> draft.contents.put(path, text));
    }

    /// The text of a file; empty where it cannot be read, which is a problem that begins with
    /// `what`.
    private static Optional<String> content(Draft draft, Path file, Place place, String what) {
        try {
            if (!Files.isRegularFile(file)) {
                draft.problems.add(
                        place, "%s%s", what, Files.exists(file) ? "is no file" : "does not exist");
                return Optional.empty();
            }
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                draft.problems.add(
                        place, "%shas %d bytes: must be at most %d", what, size, FILE_BYTES_MAX);
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            // Some editors begin a file with a byte order mark.
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            draft.problems.add(place, "%sis not UTF-8 text", what);
        } catch (IOException e) {
            draft.problems.add(
                    place, "%scannot be read (%s)", what, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }
}
