package io.grandstand.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/// A properties file with Kafka client settings, such as TLS and SASL. Unknown keys are refused: a
/// mistyped security setting must not be passed over.
final class KafkaConfigFile {
    private KafkaConfigFile() {}

    /// The file's settings.
    ///
    /// @throws StartException that names every unknown key and the nearest known one
    static Map<String, Object> read(Path file) throws StartException {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(
                    "the Kafka settings in %s cannot be read (%s)".formatted(file, e.getMessage()),
                    e);
        }
        Set<String> known = KafkaSettings.names();
        var problems = new ArrayList<String>();
        var settings = new HashMap<String, Object>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (known.contains(key)) {
                settings.put(key, properties.getProperty(key));
            } else {
                problems.add(
                        "%s: '%s' is no Kafka client setting; did you mean '%s'?"
                                .formatted(file, key, Nearest.of(key, known)));
            }
        }
        if (!problems.isEmpty()) {
            throw new StartException(String.join("\n", problems));
        }
        return settings;
    }
}
