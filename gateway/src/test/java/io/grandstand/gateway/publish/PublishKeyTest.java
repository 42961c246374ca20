package io.grandstand.gateway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PublishKeyTest {
    @Property
    void samePlayersAndIdsHaveTheSameKeyAndOthersAnother(
            @ForAll String player, @ForAll String id, @ForAll String other) {
        PublishKey key = PublishKey.of(player, id);
        assertThat(PublishKey.of(player, id)).isEqualTo(key);
        assertThat(PublishKey.of(player + other, id).equals(key)).isEqualTo(other.isEmpty());
        assertThat(PublishKey.of(player, id + other).equals(key)).isEqualTo(other.isEmpty());
    }

    @Test
    void itMattersWhereThePlayerEndsAndTheIdBegins() {
        assertThat(PublishKey.of("ash", "a1")).isNotEqualTo(PublishKey.of("asha", "1"));
    }
}
