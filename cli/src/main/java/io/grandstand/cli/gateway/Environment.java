package io.grandstand.cli.gateway;

import io.grandstand.cli.KafkaSettings;
import io.grandstand.cli.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What environment variables say instead of the file: `GRANDSTAND_LISTEN_PORT` is `listen.port`.
final class Environment {
    /// Variables that the launcher reads: no keys of the file.
    static final Set<String> OF_THE_LAUNCHER = Set.of("GRANDSTAND_JAVA_OPTS");

    private Environment() {}

    /// The settings among the variables, in their order. A variable with our prefix that is none,
    /// or that stands for two keys, goes to `problems`.
    ///
    /// @param namespaces the names in the file: a variable cannot say a new one
    static List<Setting> settings(
            Map<String, String> variables, Collection<String> namespaces, Problems problems) {
        Map<String, List<Target>> targets = targets(namespaces);
        var settings = new ArrayList<Setting>();
        for (var variable : new TreeMap<>(variables).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(Key.VARIABLE_PREFIX) || OF_THE_LAUNCHER.contains(name)) {
                continue;
            }
            Place place = Place.of(name);
            List<Target> meant = targets.getOrDefault(name, List.of());
            switch (meant.size()) {
                case 0 ->
                        problems.add(
                                place,
                                "there is no such setting; did you mean %s?",
                                Nearest.of(name, targets.keySet()));
                case 1 -> {
                    Target target = meant.getFirst();
                    settings.add(
                            new Setting(place, target.key(), target.path(), variable.getValue()));
                }
                default ->
                        problems.add(
                                place,
                                "stands for %s as well as for %s: set them in the file",
                                meant.get(0).path(),
                                meant.get(1).path());
            }
        }
        return settings;
    }

    private record Target(Key<?> key, String path) {}

    private static Map<String, List<Target>> targets(Collection<String> namespaces) {
        var targets = new TreeMap<String, List<Target>>();
        for (Key<?> key : Keys.ALL) {
            for (String name : names(key, namespaces)) {
                String path = key.path(name);
                targets.computeIfAbsent(Key.variable(path), _ -> new ArrayList<>())
                        .add(new Target(key, path));
            }
        }
        return targets;
    }

    /// What may stand for the `*` of a key's path.
    private static Collection<String> names(Key<?> key, Collection<String> namespaces) {
        if (key.equals(Keys.KAFKA_SETTING)) {
            return KafkaSettings.names();
        }
        return key.path().startsWith(Keys.NAMESPACE) ? namespaces : List.of("");
    }
}
