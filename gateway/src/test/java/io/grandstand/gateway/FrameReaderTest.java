package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Whatever way a client's bytes are cut on their journey, the messages are those that it sent.
class FrameReaderTest {
    private static final int BYTES_MAX = 70_000;
    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    /// What a reader said, each as a line.
    private final List<String> heard = new ArrayList<>();

    @Property(tries = 300)
    void messagesAreWhatWasSentHoweverTheyAreCut(@ForAll Random random) {
        var sent = new ByteArrayOutputStream();
        var expected = new ArrayList<String>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            send(random, sent, expected);
        }
        byte[] bytes = sent.toByteArray();
        heard.clear();
        FrameReader reader = reader(true);
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + random.nextInt(1, 1 + random.nextInt(1, 9000)));
            reader.read(Unpooled.copiedBuffer(bytes, at, end - at));
            at = end;
        }
        assertThat(heard).isEqualTo(expected);
    }

    /// One message, perhaps in parts with a ping or a pong between them.
    private static void send(Random random, ByteArrayOutputStream sent, List<String> expected) {
        boolean compressed = random.nextBoolean();
        int[] sizes = {0, 1, 125, 126, 127, 4000, 65_535, 65_536};
        byte[] message = new byte[sizes[random.nextInt(sizes.length)]];
        random.nextBytes(message);
        int parts = random.nextInt(1, 4);
        var pings = new ArrayList<String>();
        for (int part = 0; part < parts; part++) {
            byte[] payload =
                    Arrays.copyOfRange(
                            message,
                            message.length * part / parts,
                            message.length * (part + 1) / parts);
            int first = part == 0 ? (random.nextBoolean() ? TEXT : BINARY) : 0;
            if (part == 0 && compressed) {
                first |= COMPRESSED;
            }
            if (part == parts - 1) {
                first |= FINAL;
            }
            sent.writeBytes(frame(first, payload, random.nextInt()));
            if (part < parts - 1 && random.nextBoolean()) {
                sent.writeBytes(frame(FINAL | PING, new byte[] {7}, random.nextInt()));
                sent.writeBytes(frame(FINAL | PONG, new byte[] {8}, random.nextInt()));
                pings.add("ping 07");
            }
        }
        expected.addAll(pings);
        expected.add("message " + compressed + " " + digest(message));
    }

    @Test
    void aCloseIsTheLastThingRead() {
        byte[] payload = {0x03, (byte) 0xe8, 'b', 'y', 'e'};
        check(
                concat(frame(FINAL | CLOSE, payload, 1), frame(FINAL | TEXT, utf8("more"), 1)),
                "close 03e8627965");
        check(frame(FINAL | CLOSE, new byte[0], 5), "close ");
    }

    @Test
    void aMessageTooLargeIsNotWaitedFor() {
        byte[] wholeFrame = frame(FINAL | TEXT, new byte[BYTES_MAX + 1], 1);
        check(Arrays.copyOf(wholeFrame, 14), "broken 1009");
        byte[] half = new byte[BYTES_MAX / 2 + 1];
        check(concat(frame(TEXT, half, 1), frame(FINAL, half, 1)), "broken 1009");
    }

    @Test
    void whatTheProtocolForbidsEndsTheConnection() {
        byte[] nothing = {};
        check(new byte[] {(byte) (FINAL | TEXT), 0}, "broken 1002");
        check(frame(FINAL | 0x20 | TEXT, nothing, 1), "broken 1002");
        check(frame(FINAL | 0x10 | TEXT, nothing, 1), "broken 1002");
        check(frame(FINAL | COMPRESSED | PING, nothing, 1), "broken 1002");
        check(frame(FINAL | 3, nothing, 1), "broken 1002");
        check(frame(FINAL | 11, nothing, 1), "broken 1002");
        check(frame(PING, nothing, 1), "broken 1002");
        check(frame(FINAL | PING, new byte[126], 1), "broken 1002");
        check(frame(FINAL, nothing, 1), "broken 1002");
        check(concat(frame(TEXT, nothing, 1), frame(FINAL | TEXT, nothing, 1)), "broken 1002");
        check(frame(FINAL | CLOSE, new byte[1], 1), "broken 1002");
        byte[] negative = {(byte) (FINAL | TEXT), (byte) 0xff, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        check(negative, "broken 1002");
    }

    @Test
    void compressionThatWasNotAgreedOnEndsTheConnection() {
        heard.clear();
        reader(false).read(Unpooled.wrappedBuffer(frame(FINAL | COMPRESSED | TEXT, utf8("x"), 1)));
        assertThat(heard).containsExactly("broken 1002");
    }

    @Test
    void everythingReadIsGivenBack() {
        ByteBuf one = Unpooled.buffer().writeBytes(frame(FINAL | TEXT, utf8("hi"), 9));
        ByteBuf other = one.readRetainedSlice(3).copy();
        FrameReader reader = reader(true);
        reader.read(other);
        reader.read(one);
        assertThat(other.refCnt()).isZero();
    }

    private void check(byte[] bytes, String expected) {
        heard.clear();
        reader(true).read(Unpooled.wrappedBuffer(bytes));
        assertThat(heard).containsExactly(expected);
    }

    private FrameReader reader(boolean mayBeCompressed) {
        return new FrameReader(
                new FrameReader.Listener() {
                    @Override
                    public void message(byte[] payload, boolean isCompressed) {
                        heard.add("message " + isCompressed + " " + digest(payload));
                    }

                    @Override
                    public void ping(byte[] payload) {
                        heard.add("ping " + HexFormat.of().formatHex(payload));
                    }

                    @Override
                    public void closing(byte[] payload) {
                        heard.add("close " + HexFormat.of().formatHex(payload));
                    }

                    @Override
                    public void broken(int code) {
                        heard.add("broken " + code);
                    }
                },
                mayBeCompressed,
                BYTES_MAX);
    }

    private static String digest(byte[] payload) {
        return payload.length + " bytes " + Arrays.hashCode(payload);
    }

    /// A client's frame: masked.
    private static byte[] frame(int first, byte[] payload, int mask) {
        var frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(mask);
        byte[] key = ByteBuffer.allocate(4).putInt(mask).array();
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ key[i % 4]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
