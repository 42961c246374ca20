package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.gateway.auth.Capability;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {
    private static final Map<Capability, String> CLAIMS =
            new EnumMap<>(
                    Map.of(
                            Capability.SUBSCRIBE, "sub",
                            Capability.PUBLISH, "pub",
                            Capability.PRESENCE, "prs",
                            Capability.HISTORY, "hst"));

    /// Who asks, for which key of namespace `room`.
    enum Player {
        ANONYMOUS(""),
        ASHA("asha"),
        BEN("ben");

        final String id;

        Player(String id) {
            this.id = id;
        }
    }

    enum ChannelKey {
        NONE(null),
        EMPTY(""),
        ASHA("asha"),
        BEN("ben");

        final @Nullable String text;

        ChannelKey(@Nullable String text) {
            this.text = text;
        }
    }

    /// The channels that an entry of the claim `caps` names.
    enum Pattern {
        ASHAS("room:asha", "", "room:asha"),
        ALL("room:*", "wildcard", "room: room:asha room:ben"),
        ANOTHER("rooms:*", "wildcard", ""),
        BARE("room", "", "room"),
        EITHER("room:(asha|ben)", "regex", "room:asha room:ben");

        final String channel;
        final String match;
        private final String covered;

        Pattern(String channel, String match, String covered) {
            this.channel = channel;
            this.match = match;
            this.covered = covered;
        }

        boolean covers(String channel) {
            return Arrays.asList(covered.split(" ", -1)).contains(channel);
        }
    }

    private record Grant(Pattern pattern, Capability capability) {}

    /// The whole table: the namespace's rule, or else the token, says who may.
    @Property(tries = 2000)
    void theRuleOrTheTokenAllows(
            @ForAll Permission subscribe,
            @ForAll Permission publish,
            @ForAll Capability capability,
            @ForAll Player player,
            @ForAll ChannelKey key,
            @ForAll @Size(max = 3) List<Pattern> patterns,
            @ForAll Capability granted) {
        List<Grant> grants = patterns.stream().map(pattern -> new Grant(pattern, granted)).toList();
        Permission rule = capability == Capability.PUBLISH ? publish : subscribe;
        boolean byRule =
                switch (rule) {
                    case ANY -> true;
                    case OWN -> player != Player.ANONYMOUS && player.id.equals(key.text);
                    case NONE -> false;
                };
        String channel = key.text == null ? "room" : "room:" + key.text;
        boolean byToken =
                grants.stream()
                        .anyMatch(grant ->
                                grant.capability() == capability
                                        && grant.pattern().covers(channel));

        assertThat(may(room(subscribe, publish), capability, player, key, grants))
                .isEqualTo(byRule || byToken);
    }

    /// Above all what must not be.
    @ParameterizedTest
    @CsvSource({
        "ANONYMOUS, NONE",
        "ANONYMOUS, EMPTY",
        "ANONYMOUS, ASHA",
        "ASHA, NONE",
        "ASHA, EMPTY",
        "ASHA, BEN",
        "BEN, ASHA",
    })
    void whatIsNotOnesOwnIsClosed(Player player, ChannelKey key) {
        for (Capability capability : Capability.values()) {
            assertThat(
                            may(
                                    room(Permission.OWN, Permission.OWN),
                                    capability,
                                    player,
                                    key,
                                    List.of()))
                    .isFalse();
        }
    }

    private static Namespace room(Permission subscribe, Permission publish) {
        return Namespace.of("room", "room", Mode.STREAM, subscribe, publish, KeySource.CHANNEL);
    }

    private static boolean may(
            Namespace namespace,
            Capability capability,
            Player player,
            ChannelKey key,
            List<Grant> grants) {
        var connection = TestSession.of(List.of(namespace), Wire.WEBSOCKET_JSON);
        connection.session.player =
                Session.Player.of(
                        connection.claims(
                                Map.of(
                                        "sub",
                                        player.id,
                                        "caps",
                                        grants.stream().map(PermissionsTest::claim).toList())));
        return connection.session.may(
                capability,
                new Channels.Address(
                        namespace, key.text == null ? null : key.text.getBytes(UTF_8)));
    }

    private static Map<String, Object> claim(Grant grant) {
        var claim =
                new HashMap<String, Object>(
                        Map.of(
                                "channels",
                                List.of(grant.pattern().channel),
                                "allow",
                                List.of(CLAIMS.get(grant.capability()))));
        if (!grant.pattern().match.isEmpty()) {
            claim.put("match", grant.pattern().match);
        }
        return claim;
    }
}
