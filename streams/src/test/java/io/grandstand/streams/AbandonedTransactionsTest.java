package io.grandstand.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AbandonedTransactionsTest {
    private static final String ALIVE = "aaaaaaaa-0000-0000-0000-000000000001";
    private static final String DEAD = "dddddddd-0000-0000-0000-000000000001";
    private static final Set<String> MEMBERS = Set.of("game-" + ALIVE + "-StreamThread-1-consumer");

    @Test
    void whatBelongsToNoMemberIsAbandoned() {
        assertThat(abandoned("game-" + ALIVE + "-1", "game-" + DEAD + "-1", "game-" + DEAD + "-2"))
                .containsExactly("game-" + DEAD + "-1", "game-" + DEAD + "-2");
    }

    @Test
    void anyThreadOfAProcessKeepsItAlive() {
        assertThat(abandoned("game-" + ALIVE + "-7")).isEmpty();
    }

    @Test
    void transactionsOfOthersAreLeftAlone() {
        assertThat(abandoned("game", "game-1", "game-boards-" + DEAD + "-1", "shop-" + DEAD + "-1"))
                .isEmpty();
    }

    @Test
    void nothingIsAbandonedWhereTheGroupIsEmpty() {
        assertThat(
                        AbandonedTransactions.abandoned(
                                "game", List.of("game-" + DEAD + "-1"), Set.of()))
                .isEmpty();
    }

    private static List<String> abandoned(String... open) {
        return AbandonedTransactions.abandoned("game", List.of(open), MEMBERS);
    }
}
