package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishCallTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String WHOLE =
            "{\"channel\":\"chat:a\",\"data\":{\"n\":[1,\"}\"]},\"headers\":{\"a\":\"b\"},\"id\":\"x\"}";

    @Test
    void aCallNamesChannelDataHeadersAndId() {
        PublishCall call = parse(WHOLE);
        assertThat(call).isNotNull();
        assertThat(call.channel()).isEqualTo("chat:a");
        assertThat(call.data()).asString(UTF_8).isEqualTo("{\"n\":[1,\"}\"]}");
        assertThat(call.headers()).isEqualTo(Map.of("a", "b"));
        assertThat(call.id()).isEqualTo("x");
    }

    @Test
    void whatIsLeftOutIsEmpty() {
        PublishCall call = parse("{}");
        assertThat(call).isNotNull();
        assertThat(call.channel()).isEmpty();
        assertThat(call.data()).isEmpty();
        assertThat(call.headers()).isEmpty();
        assertThat(call.id()).isEmpty();
    }

    /// The data goes on to Kafka as it came, but on one line.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"data\":1}|1",
                "{\"data\":1,\"id\":\"x\"}|1",
                "{\"data\": -1.5e3 }|-1.5e3",
                "{\"data\":\"é\\n\\u0041\"}|\"é\\n\\u0041\"",
                "{\"data\":null}|null",
                "{\"data\":[ 1 , 2 ]}|[ 1 , 2 ]",
                "{\"é\":{\"data\":0},\"data\":true}|true",
                "  {\"data\" : {} }  |{}",
            })
    void dataIsTakenAsItStands(String call, String data) {
        PublishCall parsed = parse(call);
        assertThat(parsed).isNotNull();
        assertThat(parsed.data()).asString(UTF_8).isEqualTo(data);
    }

    @Test
    void dataIsPutOnOneLine() {
        PublishCall call = parse("{\"data\":{\n\"a\":\r\n1}}");
        assertThat(call).isNotNull();
        assertThat(call.data()).asString(UTF_8).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "{",
                "{\"channel\":\"a\"",
                "{\"channel\":1}",
                "{\"channel\":null}",
                "{\"id\":7}",
                "{\"headers\":[]}",
                "{\"headers\":null}",
                "{\"headers\":{\"a\":1}}",
                "{\"headers\":{\"a\":{\"b\":\"c\"}}}",
                "{\"data\":}",
                "{\"data\":nonsense}",
                "{\"data\":1} behind it",
                "{\"data\":1}{\"data\":2}",
            })
    void whatIsNoCallIsRefused(String json) {
        assertThat(parse(json)).isNull();
    }

    /// Positions in the text are positions in UTF-8 bytes: other encodings, which the parser would
    /// understand, must not get as far.
    @Test
    void onlyUtf8IsACall() {
        assertThat(PublishCall.parse(WHOLE.getBytes(UTF_16BE))).isNull();
        assertThat(PublishCall.parse(("\ufeff" + WHOLE).getBytes(UTF_16BE))).isNull();
        assertThat(PublishCall.parse(("\ufeff" + WHOLE).getBytes(UTF_8))).isNull();
        assertThat(PublishCall.parse(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
                .isNull();
    }

    /// What the gateway stamps, a client cannot; the names are compared as Kafka compares them.
    @ParameterizedTest
    @CsvSource({
        "gs-player, false",
        "gs-received-us, false",
        "gs-, false",
        "'', false",
        "gs, true",
        "GS-player, true",
        "colour, true",
    })
    void trustedHeadersCannotBeSet(String name, boolean isAllowed) {
        assertThat(parse("{\"headers\":{\"%s\":\"x\"}}".formatted(name)) != null)
                .isEqualTo(isAllowed);
    }

    @Property(tries = 300)
    void headersAndIdStayWithinTheirBounds(
            @ForAll @IntRange(max = PublishCall.HEADERS_MAX + 2) int count,
            @ForAll @IntRange(max = 300) int valueLength,
            @ForAll @IntRange(max = PublishCall.ID_LENGTH_MAX + 2) int idLength)
            throws JsonProcessingException {
        var headers = new LinkedHashMap<String, String>();
        for (int i = 0; i < count; i++) {
            headers.put("header-%02d".formatted(i), "v".repeat(valueLength));
        }
        int characters = count * ("header-00".length() + valueLength);
        var call = Map.of("headers", headers, "id", "i".repeat(idLength));

        assertThat(PublishCall.parse(JSON.writeValueAsBytes(call)) != null)
                .isEqualTo(
                        count <= PublishCall.HEADERS_MAX
                                && characters <= PublishCall.HEADER_CHARACTERS_MAX
                                && idLength <= PublishCall.ID_LENGTH_MAX);
    }

    /// Whatever JSON another implementation writes as data comes out as it was.
    @Property
    void anyDataComesThrough(
            @ForAll @StringLength(max = 20) String text, @ForAll double number, @ForAll int depth)
            throws JsonProcessingException {
        Object data = Arrays.asList(text, number, null, Map.of(text, true));
        for (int i = 0; i < Math.floorMod(depth, 40); i++) {
            data = i % 2 == 0 ? Arrays.asList(data) : Map.of("in", data);
        }
        String json = JSON.writeValueAsString(data);
        PublishCall call = parse("{\"data\":%s,\"channel\":\"a\"}".formatted(json));
        // A lone half of a pair of surrogates has no UTF-8.
        if (UTF_8.newEncoder().canEncode(text)) {
            assertThat(call).isNotNull();
            assertThat(call.data()).asString(UTF_8).isEqualTo(json);
        }
    }

    @Property
    void noiseIsACallOrNone(@ForAll @Size(max = 100) byte[] noise) {
        checkOutcome(PublishCall.parse(noise));
    }

    /// A whole call with some of its bytes changed, doubled or left out.
    @Property(tries = 2000)
    void aDamagedCallIsACallOrNone(@ForAll("damaged") byte[] call) {
        checkOutcome(PublishCall.parse(call));
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        byte[] whole = WHOLE.getBytes(UTF_8);
        return Arbitraries.randomValue(random -> {
            byte[] call = whole.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(call.length);
                switch (random.nextInt(4)) {
                    case 0 -> call[at] = (byte) random.nextInt(256);
                    case 1 -> call[at] = "{}[]\",:\\0".getBytes(UTF_8)[random.nextInt(9)];
                    case 2 -> call = Arrays.copyOf(call, Math.max(1, at));
                    default ->
                            System.arraycopy(
                                    whole, 0, call, at, Math.min(whole.length, call.length - at));
                }
            }
            return call;
        });
    }

    private static void checkOutcome(@Nullable PublishCall call) {
        if (call != null) {
            assertThat(call.id().length()).isLessThanOrEqualTo(PublishCall.ID_LENGTH_MAX);
            assertThat(call.headers().keySet()).noneMatch(name -> name.startsWith("gs-"));
        }
    }

    private static @Nullable PublishCall parse(String json) {
        return PublishCall.parse(json.getBytes(UTF_8));
    }
}
