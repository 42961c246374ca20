package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.protocol.Codes.ErrorCode;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelsTest {
    private static final Namespace RESULT =
            Namespace.of(
                    "result",
                    "match.results.v1",
                    Mode.STREAM,
                    Permission.OWN,
                    Permission.NONE,
                    KeySource.CHANNEL);

    private static final Namespace GETTOP =
            Namespace.writable("gettop", Permission.ANY, KeySource.PLAYER);

    private static final Namespace NAMELESS =
            Namespace.of("", "any", Mode.STREAM, Permission.ANY, Permission.ANY, KeySource.CHANNEL);

    private final Channels channels = new Channels(List.of(RESULT, GETTOP));
    private final Channels withNameless = new Channels(List.of(RESULT, GETTOP, NAMELESS));

    @ParameterizedTest
    @CsvSource({
        "result:42, 42",
        "/result/42, 42",
        "result:a:b/c, a:b/c",
        "/result/a/b, a/b",
        "result:a%20b, a b",
        "result:%25, %",
        "result:%c3%bc, ü",
        "result:ü, ü",
    })
    void theKeyIsEverythingBehindTheFirstSeparator(String channel, String key) {
        assertThat(channels.resolve(channel))
                .isInstanceOfSatisfying(
                        Channels.Address.class,
                        address -> {
                            assertThat(address.namespace()).isEqualTo(RESULT);
                            assertThat(address.key()).isEqualTo(key.getBytes(UTF_8));
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gettop", "/gettop"})
    void aSingleSegmentHasNoKey(String channel) {
        assertThat(channels.resolve(channel)).isEqualTo(new Channels.Address(GETTOP, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"match.results.v1:42", "question-command:1", "RESULT:42", "x", ":42", "*"})
    void onlyListedNamespacesExist(String channel) {
        check(channel, ErrorCode.UNKNOWN_CHANNEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "result:", "/result/", "result:%", "result:%2", "result:%zz"})
    void aBrokenNameIsABadRequest(String channel) {
        check(channel, ErrorCode.BAD_REQUEST);
    }

    @Test
    void aNameBeyondTheLimitIsABadRequest() {
        check("result:" + "k".repeat(2048), ErrorCode.BAD_REQUEST);
    }

    /// channel(key) and resolve are each other's inverse for any key bytes, UTF-8 or not.
    @Property
    void everyKeyHasAChannelThatLeadsBackToIt(@ForAll @Size(min = 1, max = 128) byte[] key) {
        String channel = Channels.channel(RESULT, key);
        assertThat(channel).matches("[!-~]+");
        assertThat(channels.resolve(channel))
                .isInstanceOfSatisfying(
                        Channels.Address.class,
                        address -> assertThat(address.key()).isEqualTo(key));
    }

    @Property
    void anyTextIsAChannelOrRefused(@ForAll String channel) {
        switch (channels.resolve(channel)) {
            case Channels.Address address -> assertThat(address.key()).isNotEqualTo(new byte[0]);
            case Channels.Refused refused ->
                    assertThat(refused.error())
                            .isIn(ErrorCode.UNKNOWN_CHANNEL, ErrorCode.BAD_REQUEST);
        }
    }

    @ParameterizedTest
    @CsvSource({"room, room", "a%3Ab, a:b", "a%2Fb, a/b", "/room, /room", "%72esult, result"})
    void aChannelThatNamesNoNamespaceIsAKeyOfTheNamelessOne(String channel, String key) {
        assertThat(withNameless.resolve(channel))
                .isInstanceOfSatisfying(
                        Channels.Address.class,
                        address -> {
                            assertThat(address.namespace()).isEqualTo(NAMELESS);
                            assertThat(address.key()).isEqualTo(key.getBytes(UTF_8));
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"room:1", "/room/1", ":1", "//"})
    void aNamespaceThatIsNotThereIsNoKeyOfTheNamelessOne(String channel) {
        assertThat(withNameless.resolve(channel))
                .isEqualTo(new Channels.Refused(ErrorCode.UNKNOWN_CHANNEL));
    }

    /// A key may look like a channel of another namespace; its own name must not, or a token for
    /// the one would open the other.
    @Property
    void everyNamelessKeyHasAChannelThatLeadsBackToIt(
            @ForAll @Size(min = 1, max = 40) List<@From("namelike") Byte> bytes) {
        byte[] key = new byte[bytes.size()];
        for (int i = 0; i < key.length; i++) {
            key[i] = bytes.get(i);
        }
        String text = new String(key, UTF_8);
        Assume.that(!text.equals("result") && !text.equals("gettop"));
        String channel = Channels.channel(NAMELESS, key);
        assertThat(channel).matches("[!-~]+");
        assertThat(withNameless.resolve(channel))
                .isInstanceOfSatisfying(
                        Channels.Address.class,
                        address -> {
                            assertThat(address.namespace()).isEqualTo(NAMELESS);
                            assertThat(address.key()).isEqualTo(key);
                        });
    }

    /// Bytes of which names of channels are made, and any others.
    @Provide
    Arbitrary<Byte> namelike() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(':', '/', '%', 'r', '4').map(c -> (byte) (char) c)),
                Tuple.of(1, Arbitraries.bytes()));
    }

    @Property
    void aChannelsCanonicalNameIsTheSameChannel(@ForAll("spellings") String channel) {
        if (withNameless.resolve(channel) instanceof Channels.Address address) {
            Assume.that(!address.channel().equals("result") && !address.channel().equals("gettop"));
            assertThat(withNameless.resolve(address.channel()))
                    .isInstanceOfSatisfying(
                            Channels.Address.class,
                            again -> {
                                assertThat(again.namespace()).isEqualTo(address.namespace());
                                assertThat(again.key()).isEqualTo(address.key());
                            });
        }
    }

    @Provide
    Arbitrary<String> spellings() {
        return Arbitraries.of("result", "gettop", ":", "/", "%3A", "%2f", "%", "a", "é", "42")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Test
    void aNamespaceStandsOnce() {
        assertThatThrownBy(() -> new Channels(List.of(RESULT, RESULT)))
                .hasMessage("namespace 'result' stands twice");
    }

    private void check(String channel, ErrorCode error) {
        assertThat(channels.resolve(channel)).isEqualTo(new Channels.Refused(error));
    }
}
