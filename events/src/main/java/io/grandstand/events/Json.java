package io.grandstand.events;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.stream.Collectors;

/// The JSON form of records. Unknown fields are ignored, so that versions may meet; everything else
/// that does not fit is refused.
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
                    .withCoercionConfig(LogicalType.Textual, Json::refuseOtherTypes)
                    .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(32).build());
    }

    private Json() {}

    public static byte[] write(Object record) {
        try {
            return MAPPER.writeValueAsBytes(record);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError("records of this module can be written", impossible);
        }
    }

    /// The record of this type that `json` holds.
    ///
    /// @throws InvalidRecordException with a reason that names the field
    public static <V> V read(byte[] json, Class<V> type) {
        try {
            V value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new InvalidRecordException(
                        "no valid " + type.getSimpleName() + ": null", new NullPointerException());
            }
            return value;
        } catch (JsonMappingException e) {
            throw new InvalidRecordException(
                    "no valid %s: %s%s".formatted(type.getSimpleName(), field(e), cause(e)), e);
        } catch (IOException e) {
            throw new InvalidRecordException(
                    "no valid %s: not JSON".formatted(type.getSimpleName()), e);
        }
    }

    /// A number or a boolean is no text.
    private static void refuseOtherTypes(MutableCoercionConfig text) {
        text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    private static String field(JsonMappingException e) {
        String path =
                e.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null
                                        ? "[" + step.getIndex() + "]"
                                        : step.getFieldName())
                        .collect(Collectors.joining("."));
        return path.isEmpty() ? "" : path + ": ";
    }

    private static String cause(JsonMappingException e) {
        return e.getCause() instanceof IllegalArgumentException own
                ? String.valueOf(own.getMessage())
                : e.getOriginalMessage();
    }
}
