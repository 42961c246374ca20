package io.grandstand.streams;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StoreKeysTest {
    @Test
    void aPrefixLeadsToItsEntriesAlone() {
        String prefix = StoreKeys.prefix("match", "q1");
        assertThat(StoreKeys.of("match", "q1", "asha")).startsWith(prefix);
        assertThat(StoreKeys.of("match", "q10", "asha")).doesNotContain(prefix);
        assertThat(StoreKeys.parts(StoreKeys.of("match", "q1", "asha")))
                .containsExactly("match", "q1", "asha");
    }

    @Property
    void higherScoresComeFirst(@ForAll long a, @ForAll long b) {
        assertThat(Integer.signum(StoreKeys.score(a).compareTo(StoreKeys.score(b))))
                .isEqualTo(-Integer.signum(Long.compare(a, b)));
        assertThat(StoreKeys.score(StoreKeys.score(a))).isEqualTo(a);
    }

    @Property
    void earlierTimesComeFirst(
            @ForAll @net.jqwik.api.constraints.LongRange(min = 0) long a,
            @ForAll @net.jqwik.api.constraints.LongRange(min = 0) long b) {
        assertThat(Integer.signum(StoreKeys.time(a).compareTo(StoreKeys.time(b))))
                .isEqualTo(Long.compare(a, b));
    }
}
