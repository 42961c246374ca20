package io.grandstand.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private final Heard heard = new Heard();

    /// Says what it was told.
    private static final class Heard implements FrameDecoder.Sink {
        final List<String> events = new ArrayList<>();

        @Override
        public void message(byte[] bytes, int from, int to) {
            events.add("message " + (to - from) + " " + Arrays.hashCode(copy(bytes, from, to)));
        }

        @Override
        public void ping(byte[] bytes, int from, int to) {
            events.add("ping " + new String(bytes, from, to - from, UTF_8));
        }

        @Override
        public void closing(int code, String reason) {
            events.add("closing " + code + " " + reason);
        }

        private static byte[] copy(byte[] bytes, int from, int to) {
            return Arrays.copyOfRange(bytes, from, to);
        }
    }

    /// Wherever a stream of frames is cut in two, the same messages come out.
    @Property(tries = 50)
    void framesCutAnywhereAreTheSameFrames(@ForAll("payloads") List<byte[]> payloads) {
        var stream = new ByteArrayOutputStream();
        payloads.forEach(payload -> stream.writeBytes(frame(payload)));
        byte[] bytes = stream.toByteArray();
        var whole = new Heard();
        assertThat(FrameDecoder.decode(bytes, 0, bytes.length, whole)).isEqualTo(bytes.length);
        assertThat(whole.events).hasSameSizeAs(payloads);
        int step = Math.max(1, bytes.length / 500);
        for (int cut = 0; cut <= bytes.length; cut += step) {
            var parts = new Heard();
            int taken = FrameDecoder.decode(bytes, 0, cut, parts);
            assertThat(taken).isBetween(0, cut);
            assertThat(FrameDecoder.decode(bytes, taken, bytes.length, parts))
                    .isEqualTo(bytes.length);
            assertThat(parts.events).describedAs("cut at %d", cut).isEqualTo(whole.events);
        }
    }

    /// As the socket does it: what is left over is put before what comes next.
    @Property(tries = 50)
    void framesThatComeInSmallPiecesAreTheSameFrames(
            @ForAll("payloads") List<byte[]> payloads,
            @ForAll @IntRange(min = 1, max = 9) int piece) {
        var stream = new ByteArrayOutputStream();
        payloads.forEach(payload -> stream.writeBytes(frame(payload)));
        byte[] bytes = stream.toByteArray();
        var whole = new Heard();
        FrameDecoder.decode(bytes, 0, bytes.length, whole);
        var parts = new Heard();
        int taken = 0;
        int step = piece + bytes.length / 2_000;
        for (int to = 0;
                to <= bytes.length;
                to = Math.max(to + 1, Math.min(to + step, bytes.length))) {
            taken = FrameDecoder.decode(bytes, taken, to, parts);
        }
        assertThat(parts.events).isEqualTo(whole.events);
    }

    @Provide
    Arbitrary<List<byte[]>> payloads() {
        Arbitrary<Integer> lengths =
                Arbitraries.frequencyOf(
                        Tuple.of(10, Arbitraries.integers().between(0, 300)),
                        Tuple.of(3, Arbitraries.of(125, 126, 127)),
                        Tuple.of(1, Arbitraries.of(65_535, 65_536, 70_000)));
        return lengths.map(FrameDecoderTest::payload).list().ofMinSize(1).ofMaxSize(4);
    }

    private static byte[] payload(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 31 + length);
        }
        return payload;
    }

    @Test
    void pingsAndClosesAreTold() {
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(ServerFrames.frame(ServerFrames.PING, "hi".getBytes(UTF_8)));
        stream.writeBytes(
                ServerFrames.frame(
                        ServerFrames.CLOSE, new byte[] {11, (byte) 0xb9, 'b', 'y', 'e'}));
        stream.writeBytes(ServerFrames.frame(ServerFrames.CLOSE, new byte[0]));
        decode(stream.toByteArray());
        assertThat(heard.events).containsExactly("ping hi", "closing 3001 bye", "closing 1005 ");
    }

    @Test
    void whatNobodyAskedForIsRefused() {
        assertRefused(new byte[] {0x01, 0}, "a fragment");
        assertRefused(new byte[] {(byte) 0xc1, 0}, "a compressed frame");
        assertRefused(new byte[] {(byte) 0x81, (byte) 0x80}, "a masked frame");
        assertRefused(new byte[] {(byte) 0x83, 0}, "an unknown opcode");
        assertRefused(
                new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0, 0x10, 0, 1}, "a frame above 1 MiB");
    }

    private void assertRefused(byte[] bytes, String what) {
        assertThatThrownBy(() -> decode(bytes))
                .describedAs(what)
                .isInstanceOf(MalformedException.class);
    }

    private void decode(byte[] bytes) {
        assertThat(FrameDecoder.decode(bytes, 0, bytes.length, heard)).isEqualTo(bytes.length);
    }

    private static byte[] frame(byte[] payload) {
        return ServerFrames.frame(ServerFrames.TEXT, payload);
    }
}
