package io.grandstand.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A scenario and the name it goes by: that of its file.
///
/// @param parameters its keys as they stand in the file; of a game, also how many messages a round
///   has for everybody
record ScenarioFile(String name, Scenario scenario, Map<String, Object> parameters) {
    /// Those that come with the product, in the order of the suite.
    static final List<String> NAMES =
            List.of(
                    "fanout-saturated",
                    "fanout",
                    "private",
                    "publish",
                    "publish-fast",
                    "idle",
                    "storm",
                    "mixed",
                    "tls",
                    "game",
                    "game-large");

    private static final ObjectMapper YAML =
            YAMLMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .build();

    /// The scenario of ours with this name, or else the one in the file with this path.
    ///
    /// @throws BenchException if there is none, or its file is wrong
    static ScenarioFile find(String nameOrFile) {
        if (NAMES.contains(nameOrFile)) {
            return ours(nameOrFile);
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new BenchException(
                    "there is no scenario and no file '%s'; the scenarios are %s"
                            .formatted(nameOrFile, String.join(", ", NAMES)));
        }
        try {
            String fileName = String.valueOf(file.getFileName());
            return parse(fileName.replaceFirst("\\.ya?ml$", ""), Files.readString(file));
        } catch (IOException e) {
            throw new BenchException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /// The same as the suite runs it.
    ScenarioFile inSuite() {
        Scenario shorter = scenario.inSuite();
        if (shorter.equals(scenario)) {
            return this;
        }
        var changed = new LinkedHashMap<>(parameters);
        switch (shorter) {
            case Scenario.Compare compare -> changed.put("windows", map(compare.windows()));
            case Scenario.Publish publish -> changed.put("windows", map(publish.windows()));
            case Scenario.Idle idle -> changed.put("runs", idle.runs());
            case Scenario.Storm storm -> changed.put("runs", storm.runs());
            case Scenario.Game game -> changed.put("rounds", game.rounds());
        }
        return new ScenarioFile(name, shorter, changed);
    }

    private static Map<String, Object> map(Scenario.Windows windows) {
        return Map.of(
                "count",
                windows.count(),
                "seconds",
                windows.seconds(),
                "warmup-seconds",
                windows.warmupSeconds());
    }

    private static ScenarioFile ours(String name) {
        try (InputStream in =
                ScenarioFile.class.getResourceAsStream("scenarios/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException(
                        "the scenario %s is not on the class path".formatted(name));
            }
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a scenario.
    ///
    /// @throws BenchException with place and cause if anything is wrong with it
    static ScenarioFile parse(String name, String yaml) {
        try {
            Scenario scenario = YAML.readValue(yaml, Scenario.class);
            Map<String, Object> parameters = YAML.readValue(yaml, new TypeReference<>() {});
            if (scenario instanceof Scenario.Game) {
                parameters.put("broadcasts", GamePlan.VERSIONS);
            }
            return new ScenarioFile(name, scenario, parameters);
        } catch (JsonProcessingException e) {
            String what =
                    e instanceof ValueInstantiationException refused && refused.getCause() != null
                            ? String.valueOf(refused.getCause().getMessage())
                            : e.getOriginalMessage();
            String where = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new BenchException("scenario %s%s: %s".formatted(name, where, what), e);
        }
    }
}
