package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.protocol.Codes.ErrorCode;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelsTest {
    private static final Namespace RESULT =
            new Namespace(
                    "result",
                    "match.results.v1",
                    Mode.STREAM,
                    Permission.OWN,
                    Permission.NONE,
                    KeySource.CHANNEL);

    private static final Namespace GETTOP =
            Namespace.writable("gettop", Permission.ANY, KeySource.PLAYER);

    private final Channels channels = new Channels(List.of(RESULT, GETTOP));

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

    @Test
    void aNamespaceStandsOnce() {
        assertThatThrownBy(() -> new Channels(List.of(RESULT, RESULT)))
                .hasMessage("namespace 'result' stands twice");
    }

    private void check(String channel, ErrorCode error) {
        assertThat(channels.resolve(channel)).isEqualTo(new Channels.Refused(error));
    }
}
