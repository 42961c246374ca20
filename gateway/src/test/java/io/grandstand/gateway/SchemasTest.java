package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {
    private static final String ANSWER =
            """
            {"type": "object",
             "properties": {"option": {"type": "integer", "minimum": 0, "maximum": 3}},
             "required": ["option"],
             "additionalProperties": false}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"option\":3}|true",
                " {\"option\" : 0} |true",
                "{\"option\":4}|false",
                "{\"option\":\"3\"}|false",
                "{\"option\":1,\"more\":1}|false",
                "{}|false",
                "null|false",
                "[{\"option\":3}]|false",
            })
    void dataMustMeetItsNamespacesSchema(String data, boolean meets) {
        check(ANSWER, data.getBytes(UTF_8), meets);
    }

    /// A Protobuf client may send anything; consumers rely on what the schema says.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"option\":3",
                "{\"option\":3} behind it",
                "{\"option\":3}{}",
                "option"
            })
    void whatIsNotOneJsonValueMeetsNoSchema(String data) {
        check(ANSWER, data.getBytes(UTF_8), false);
        check("true", data.getBytes(UTF_8), false);
    }

    @Test
    void jsonInAnotherEncodingMeetsNoSchema() {
        check(ANSWER, "{\"option\":3}".getBytes(UTF_16BE), false);
    }

    @Test
    void aNamespaceWithoutASchemaTakesAnything() {
        check(null, new byte[] {1, 2, 3}, true);
    }

    @Test
    void eachNamespaceHasItsOwn() {
        Namespace numbers = namespace("numbers", "{\"type\":\"number\"}");
        Namespace texts = namespace("texts", "{\"type\":\"string\"}");
        var schemas = new Schemas(List.of(numbers, texts));
        assertThat(schemas.accept(numbers, "1".getBytes(UTF_8))).isTrue();
        assertThat(schemas.accept(texts, "1".getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "1", "[]", "nonsense"})
    void aSchemaThatIsNoneIsNamedAtStartUp(String schema) {
        assertThatThrownBy(() -> new Schemas(List.of(namespace("answers", schema))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("namespace 'answers': its schema is no JSON Schema");
    }

    /// Numbers beyond every machine type, against every keyword that computes with them.
    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e400", "1e-400", "1e2147483647", "12345678901234567890123"})
    void numbersOfAnySizeAreMeasured(String number) {
        for (String keyword :
                List.of(
                        "minimum",
                        "maximum",
                        "exclusiveMinimum",
                        "exclusiveMaximum",
                        "multipleOf")) {
            for (String bound : List.of("1", "0.5")) {
                Namespace namespace = namespace("numbers", "{\"%s\":%s}".formatted(keyword, bound));
                // Whether it is met is the library's to say; that it is said is the gateway's.
                assertThat(
                                new Schemas(List.of(namespace))
                                        .accept(namespace, number.getBytes(UTF_8)))
                        .isIn(true, false);
            }
        }
    }

    /// A schema that refers to itself is followed as deep as the data goes.
    @Test
    void dataMayBeNestedAsDeepAsACommandAndNoDeeper() {
        String recursive =
                """
                {"anyOf": [{"allOf": [{"oneOf": [{"type": "array", "items": {"$ref": "#"}}]}]}]}
                """;
        check(recursive, nested(Schemas.NESTING_MAX), true);
        check(recursive, nested(Schemas.NESTING_MAX + 1), false);
        check(recursive, nested(100_000), false);
    }

    @Property
    void noiseMeetsNoSchema(@ForAll @Size(max = 60) byte[] noise) {
        Namespace namespace = namespace("answers", ANSWER);
        assertThat(new Schemas(List.of(namespace)).accept(namespace, noise)).isFalse();
    }

    @Property
    void anyJsonIsAcceptedOrRefused(@ForAll("json") String json) {
        Namespace namespace =
                namespace(
                        "any",
                        """
                        {"anyOf": [{"type": "integer", "multipleOf": 3, "minimum": -5},
                                   {"type": "string", "maxLength": 3, "pattern": "^a"},
                                   {"type": "array", "uniqueItems": true, "items": {"$ref": "#"}},
                                   {"type": "object", "minProperties": 1,
                                    "additionalProperties": {"$ref": "#"}}]}
                        """);
        assertThat(new Schemas(List.of(namespace)).accept(namespace, json.getBytes(UTF_8)))
                .isIn(true, false);
    }

    @Provide
    Arbitrary<String> json() {
        Arbitrary<String> leaf =
                Arbitraries.of(
                        "null",
                        "true",
                        "0",
                        "-3",
                        "1e999",
                        "0.30000000000000004",
                        "99999999999999999999",
                        "\"\"",
                        "\"abc\"",
                        "\"\\ud83c\"");
        return Arbitraries.lazyOf(
                () -> leaf,
                () -> leaf,
                () -> json().list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + "]"),
                () -> json().map(value -> "{\"a\":" + value + "}"));
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
    }

    private static void check(@Nullable String schema, byte[] data, boolean meets) {
        Namespace namespace = namespace("answers", schema);
        assertThat(new Schemas(List.of(namespace)).accept(namespace, data)).isEqualTo(meets);
    }

    private static Namespace namespace(String name, @Nullable String schema) {
        return new Namespace(
                name,
                name,
                Mode.STREAM,
                Permission.NONE,
                Permission.ANY,
                KeySource.CHANNEL,
                0,
                Namespace.Presence.NONE,
                false,
                Set.of(),
                false,
                0,
                0,
                schema);
    }
}
