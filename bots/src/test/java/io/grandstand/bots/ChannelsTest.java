package io.grandstand.bots;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ChannelsTest {
    @Test
    void aPlayersIdIsPercentEncoded() {
        assertThat(Channels.answers("p-1._~Z")).isEqualTo("answer:p-1._~Z");
        assertThat(Channels.answers("a/b:c d%")).isEqualTo("answer:a%2Fb%3Ac%20d%25");
        assertThat(Channels.results("é🏏")).isEqualTo("result:%C3%A9%F0%9F%8F%8F");
    }
}
