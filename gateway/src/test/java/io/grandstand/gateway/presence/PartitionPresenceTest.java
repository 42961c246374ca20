package io.grandstand.gateway.presence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.presence.PartitionPresence.Change;
import io.grandstand.gateway.presence.PresenceRecord.Alive;
import io.grandstand.gateway.presence.PresenceRecord.Counted;
import io.grandstand.gateway.presence.PresenceRecord.Present;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionPresenceTest {
    private static final String OWN = "own";

    private final PartitionPresence presence = new PartitionPresence();

    @Test
    void whoComesAndGoesIsAChangeOnce() {
        assertThat(presence.take(joined("room", "c1", "n1"), 0)).isNotNull();
        assertThat(presence.take(joined("room", "c1", "n1"), 1)).isNull();
        Change left = presence.take(left("room", "c1"), 2);
        assertThat(left).isNotNull();
        assertThat(left.joined()).isFalse();
        assertThat(left.member().client()).isEqualTo("c1");
        assertThat(presence.take(left("room", "c1"), 3)).isNull();
    }

    @Test
    void theOwnNodesMembersAreNotAmongTheOthers() {
        presence.take(joined("room", "c1", OWN), 0);
        presence.take(joined("room", "c2", "n2"), 0);
        assertThat(presence.others("room", OWN, 0)).containsOnlyKeys("c2");
    }

    @Test
    void aNodeThatWasSilentForTooLongCountsNoMoreAndIsBuriedOnce() {
        presence.take(joined("room", "c1", "n1"), 0);
        presence.take(new Counted("stadium", "n1", 7, 5), 0);
        presence.take(new Alive("n1", false), 5_000);
        long alive = 5_000 + PartitionPresence.NODE_MS_MAX;
        assertThat(presence.others("room", OWN, alive)).hasSize(1);
        assertThat(presence.otherCounts("stadium", OWN, alive)).isEqualTo(new Presence.Stats(7, 5));
        assertThat(presence.bury(alive, OWN, 10)).isEmpty();
        assertThat(presence.others("room", OWN, alive + 1)).isEmpty();
        assertThat(presence.otherCounts("stadium", OWN, alive + 1))
                .isEqualTo(new Presence.Stats(0, 0));
        List<PresenceRecord> tombstones = presence.bury(alive + 1, OWN, 10);
        assertThat(tombstones)
                .containsExactlyInAnyOrder(left("room", "c1"), new Counted("stadium", "n1", 0, 0));
        tombstones.forEach(tombstone -> presence.take(tombstone, alive + 2));
        assertThat(presence.bury(alive + 3, OWN, 10)).containsExactly(new Alive("n1", true));
        presence.take(new Alive("n1", true), alive + 4);
        assertThat(presence.bury(alive + 5, OWN, 10)).isEmpty();
    }

    @Test
    void theDeadAreBuriedAFewAtATime() {
        for (int i = 0; i < 10; i++) {
            presence.take(joined("room", "c" + i, "n1"), 0);
        }
        assertThat(presence.bury(PartitionPresence.NODE_MS_MAX + 1, OWN, 3)).hasSize(3);
    }

    @Test
    void recordsAreReadAsTheyWereWritten() {
        var member = new Member("asha", "c1", "{\"a\":1}".getBytes(UTF_8), new byte[0]);
        var written = new Present("room:1", "c1", member, "n1");
        var read = (Present) PresenceRecord.parse(written.key(), written.value());
        assertThat(read).usingRecursiveComparison().isEqualTo(written);
        var counted = new Counted("room", "n1", 3, 2);
        assertThat(PresenceRecord.parse(counted.key(), counted.value())).isEqualTo(counted);
        assertThat(PresenceRecord.parse(left("room", "c1").key(), null))
                .isEqualTo(left("room", "c1"));
        assertThat(PresenceRecord.parse("else".getBytes(UTF_8), null)).isNull();
        assertThat(PresenceRecord.parse(null, null)).isNull();
    }

    /// Whatever order joins, leaves, heartbeats and repetitions come in: who is there is who joined
    /// last on a node that was heard of.
    @Property(tries = 300)
    void membersAreThoseWhoJoinedLastOnLivingNodes(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var state = new PartitionPresence();
        var nodeOf = new HashMap<String, String>();
        var heard = new HashMap<String, Long>();
        long now = 0;
        for (int i = 0; i < 200; i++) {
            now += random.nextInt(2_000);
            String client = "c" + random.nextInt(10);
            String node = "n" + random.nextInt(3);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    state.take(joined("room", client, node), now);
                    nodeOf.put(client, node);
                    heard.put(node, now);
                }
                case 2 -> {
                    state.take(left("room", client), now);
                    nodeOf.remove(client);
                }
                default -> {
                    state.take(new Alive(node, false), now);
                    heard.put(node, now);
                }
            }
            long time = now;
            Map<String, String> expected = new HashMap<>(nodeOf);
            expected.values()
                    .removeIf(one ->
                            time - heard.getOrDefault(one, 0L) > PartitionPresence.NODE_MS_MAX);
            assertThat(state.others("room", OWN, now).keySet())
                    .describedAs("seed %d, step %d", seed, i)
                    .isEqualTo(expected.keySet());
        }
    }

    private static Present joined(String channel, String client, String node) {
        return new Present(channel, client, member(client), node);
    }

    private static Present left(String channel, String client) {
        return new Present(channel, client, null, "");
    }

    private static @Nullable Member member(String client) {
        return new Member("user-" + client, client, new byte[0], new byte[0]);
    }
}
