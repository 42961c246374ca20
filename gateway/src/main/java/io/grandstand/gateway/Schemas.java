package io.grandstand.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.grandstand.protocol.RawJson;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// The JSON Schemas (2020-12) that publishes must meet. Immutable.
final class Schemas {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// How deep objects and lists may be nested in data, as in a JSON command: a schema that refers
    /// to itself is followed by recursion.
    static final int NESTING_MAX = 64;

    private static final ObjectMapper DATA =
            new ObjectMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(NESTING_MAX)
                                            .build())
                            .build());

    private final Map<Namespace, JsonSchema> byNamespace = new HashMap<>();

    /// The schemas of `namespaces`.
    ///
    /// @throws IllegalArgumentException that names the namespace whose schema is none
    Schemas(Collection<Namespace> namespaces) {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
        for (Namespace namespace : namespaces) {
            String schema = namespace.schema();
            if (schema != null) {
                byNamespace.put(namespace, compile(factory, namespace, schema));
            }
        }
    }

    /// Whether `data` may be published to a namespace: it has no schema, or data is one JSON value
    /// that meets it. One that cannot be measured, being nested too deep or beyond the numbers that
    /// can be computed with, does not.
    boolean accept(Namespace namespace, byte[] data) {
        JsonSchema schema = byNamespace.get(namespace);
        if (schema == null) {
            return true;
        }
        if (!RawJson.isOneValue(data)) {
            return false;
        }
        try {
            return schema.validate(DATA.readTree(data)).isEmpty();
        } catch (IOException | NumberFormatException beyondMeasure) {
            return false;
        }
    }

    private static JsonSchema compile(
            JsonSchemaFactory factory, Namespace namespace, String schema) {
        try {
            JsonNode parsed = JSON.readTree(schema);
            if (!parsed.isObject() && !parsed.isBoolean()) {
                throw new IllegalArgumentException(
                        "namespace '%s': its schema is no JSON Schema".formatted(namespace.name()));
            }
            JsonSchema compiled = factory.getSchema(parsed);
            compiled.initializeValidators();
            return compiled;
        } catch (JsonProcessingException | JsonSchemaException e) {
            throw new IllegalArgumentException(
                    "namespace '%s': its schema is no JSON Schema (%s)"
                            .formatted(namespace.name(), e.getMessage()),
                    e);
        }
    }
}
