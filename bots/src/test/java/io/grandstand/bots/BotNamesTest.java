package io.grandstand.bots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BotNamesTest {
    @Test
    void aThousandBotsHaveNamesOfTheirOwnInPlainAscii() {
        assertThat(IntStream.range(0, 1000).mapToObj(BotNames::of))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[A-Z][a-z]+( \\d+)?"));
        assertThat(IntStream.range(0, 80).mapToObj(BotNames::of))
                .allMatch(name -> name.matches("[A-Z][a-z]+"));
    }
}
