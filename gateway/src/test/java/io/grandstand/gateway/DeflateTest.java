package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTest {
    private static final int BYTES_MAX = 1 << 20;

    /// A client keeps the window of earlier messages where the server did not; with every server
    /// message standing for itself, it must get the same.
    @Property(tries = 200)
    void everyMessageIsReadByAnInflaterThatKeepsItsWindow(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 70_000) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 256) int letters,
            @ForAll long seed)
            throws DataFormatException {
        var random = new SplittableRandom(seed);
        try (var inflater = new Inflater(true)) {
            for (int length : lengths) {
                byte[] message = message(random, length, letters);
                byte[] payload = Deflate.compress(message);
                assertThat(Received.inflated(inflater, payload)).isEqualTo(message);
                assertThat(Deflate.expand(payload, BYTES_MAX)).isEqualTo(message);
            }
        }
    }

    /// Noise does not shrink, so its output fills the compressor's buffer to every remainder.
    @Test
    void noiseOfEveryLengthIsReadBack() {
        var random = new SplittableRandom(1);
        for (int length = 0; length < 2000; length++) {
            byte[] message = message(random, length, 256);
            assertThat(Deflate.expand(Deflate.compress(message), BYTES_MAX))
                    .describedAs("length %d", length)
                    .isEqualTo(message);
        }
    }

    /// Whatever the client's compressor and however it ends a message.
    @Property(tries = 200)
    void whatAClientCompressesIsUnderstood(
            @ForAll @IntRange(max = 70_000) int length,
            @ForAll @IntRange(min = 1, max = 256) int letters,
            @ForAll @IntRange(min = 0, max = 9) int level,
            @ForAll boolean isFinished,
            @ForAll long seed) {
        byte[] message = message(new SplittableRandom(seed), length, letters);
        try (var deflater = new Deflater(level, true)) {
            deflater.setInput(message);
            if (isFinished) {
                deflater.finish();
            }
            int flush = isFinished ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
            byte[] compressed = new byte[2 * length + 100];
            int size = deflater.deflate(compressed, 0, compressed.length, flush);
            // The tail of a flush is left out; a finished stream has none.
            byte[] payload = Arrays.copyOf(compressed, isFinished ? size : size - 4);
            assertThat(Deflate.expand(payload, BYTES_MAX)).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 100_000})
    void aMessageMayBeAsLargeAsTheLimitAndNotLarger(int bytesMax) {
        assertThat(Deflate.expand(Deflate.compress(new byte[bytesMax]), bytesMax))
                .hasSize(bytesMax);
        assertThat(Deflate.expand(Deflate.compress(new byte[bytesMax + 1]), bytesMax)).isNull();
    }

    @Test
    void whatUnpacksToMuchMoreThanTheLimitIsGivenUp() {
        byte[] bomb = Deflate.compress(new byte[64 << 20]);
        assertThat(bomb).hasSizeLessThan(BYTES_MAX);
        assertThat(Deflate.expand(bomb, BYTES_MAX)).isNull();
    }

    @Test
    void damagedInputIsRefusedAndTheNextMessageIsRead() {
        // The third kind of block does not exist (RFC 1951, 3.2.3).
        assertThat(Deflate.expand(new byte[] {7}, BYTES_MAX)).isNull();
        byte[] message = "the next one".getBytes(US_ASCII);
        assertThat(Deflate.expand(Deflate.compress(message), BYTES_MAX)).isEqualTo(message);
    }

    @Property
    void noiseIsRefusedOrStaysWithinTheLimit(
            @ForAll @Size(max = 200) byte[] noise, @ForAll @IntRange(max = 300) int bytesMax) {
        byte[] expanded = Deflate.expand(noise, bytesMax);
        assertThat(expanded == null || expanded.length <= bytesMax).isTrue();
    }

    @Property
    void aChangedBitIsRefusedOrStaysWithinTheLimit(
            @ForAll @IntRange(min = 1, max = 2000) int length,
            @ForAll @IntRange(max = 100_000) int bit,
            @ForAll long seed) {
        byte[] payload = Deflate.compress(message(new SplittableRandom(seed), length, 16));
        payload[bit / 8 % payload.length] ^= (byte) (1 << bit % 8);
        byte[] expanded = Deflate.expand(payload, 5000);
        assertThat(expanded == null || expanded.length <= 5000).isTrue();
    }

    /// What browsers and SDKs offer, and offers with a second choice.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=10",
                "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                "Permessage-Deflate;client_max_window_bits",
                "x-webkit-deflate-frame, permessage-deflate",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
            })
    void anOfferThatCanBeKeptIsAccepted(String offer) {
        assertThat(Deflate.isOfferedIn(offer)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "x-webkit-deflate-frame",
                "permessage-deflate-not",
                "permessage-bzip2",
                "permessage-deflate; server_max_window_bits=10",
            })
    void anOfferThatCannotBeKeptIsDeclined(String offer) {
        assertThat(Deflate.isOfferedIn(offer)).isFalse();
    }

    private static byte[] message(SplittableRandom random, int length, int letters) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) random.nextInt(letters);
        }
        return message;
    }
}
