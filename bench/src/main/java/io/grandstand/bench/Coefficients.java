package io.grandstand.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The sizing model's coefficients, each with where it comes from.
///
/// @param all one for each [Coefficient]
public record Coefficients(Map<Coefficient, Measured> all) {
    /// The committed ones travel beside the classes.
    private static final String FILE = "sizing.yaml";

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    public Coefficients {
        all = Map.copyOf(all);
        if (all.size() != Coefficient.values().length) {
            throw new IllegalArgumentException("there must be an entry for every coefficient");
        }
    }

    /// A coefficient.
    ///
    /// @param value null where nobody has measured it yet
    /// @param source the result and the figure of it
    public record Measured(@Nullable Double value, String source) {
        public Measured {
            if (value != null && !(value >= 0 && Double.isFinite(value))) {
                throw new IllegalArgumentException(
                        "value is %s: must be 0 or more".formatted(value));
            }
        }
    }

    /// The committed coefficients.
    ///
    /// @throws IOException with a sentence if the file has an unknown key or lacks one
    public static Coefficients committed() throws IOException {
        try (InputStream file = Coefficients.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            return read(file);
        }
    }

    static Coefficients read(InputStream file) throws IOException {
        Map<String, Measured> byKey = YAML.readValue(file, new TypeReference<>() {});
        var all = new EnumMap<Coefficient, Measured>(Coefficient.class);
        var unknown = new TreeSet<>(byKey.keySet());
        for (Coefficient coefficient : Coefficient.values()) {
            Measured measured = byKey.get(coefficient.key());
            if (measured == null) {
                throw new IOException("%s lacks %s".formatted(FILE, coefficient.key()));
            }
            all.put(coefficient, measured);
            unknown.remove(coefficient.key());
        }
        if (!unknown.isEmpty()) {
            throw new IOException("%s has unknown keys: %s".formatted(FILE, unknown));
        }
        return new Coefficients(all);
    }

    /// Those without a measurement, in their order.
    public List<Coefficient> missing() {
        return Arrays.stream(Coefficient.values())
                .filter(coefficient -> measured(coefficient).value() == null)
                .toList();
    }

    /// Where a coefficient comes from.
    public String source(Coefficient coefficient) {
        return measured(coefficient).source();
    }

    /// @throws IllegalStateException if it is [#missing()]
    double value(Coefficient coefficient) {
        Double value = measured(coefficient).value();
        if (value == null) {
            throw new IllegalStateException(coefficient.key() + " is not measured");
        }
        return value;
    }

    private Measured measured(Coefficient coefficient) {
        Measured measured = all.get(coefficient);
        if (measured == null) {
            throw new IllegalStateException("checked by the constructor");
        }
        return measured;
    }
}
