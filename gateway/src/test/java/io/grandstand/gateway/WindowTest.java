package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final int BYTES_MAX = 2 << 20;

    /// Against a list of everything that was added: the window gives back the records of each key
    /// from its start on, unchanged and in order, never takes more memory than it may, and forgets
    /// nothing before it is more than half full.
    @Property(tries = 200)
    void givesBackWhatWasAddedSinceItsStart(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        long offset = random.nextInt(100);
        var window = new Window(BYTES_MAX, offset);
        var all = new ArrayList<Entry>();
        Map<Key, Long> newest = new HashMap<>();
        int[] sizes = {10, 3_000, 200_000, 700_000};
        int sizeKinds = random.nextInt(1, 5);
        for (int i = random.nextInt(400); i >= 0; i--) {
            offset += random.nextInt(1, 3);
            Entry entry = entry(offset, random, random.nextInt(sizes[random.nextInt(sizeKinds)]));
            long place = window.add(entry, newest.getOrDefault(entry.key(), Window.NOWHERE));
            newest.put(entry.key(), place);
            all.add(entry);
            assertThat(window.bytes()).isLessThanOrEqualTo(BYTES_MAX);
        }
        long firstHeld = all.size();
        int bytes = 0;
        while (firstHeld > 0 && all.get((int) firstHeld - 1).offset() >= window.start()) {
            bytes += all.get((int) --firstHeld).size();
        }
        if (firstHeld > 0) {
            int next = all.get((int) firstHeld - 1).size();
            assertThat(bytes + next + Window.SEGMENT_BYTES_MAX).isGreaterThan(BYTES_MAX / 2);
        }
        long from = window.start() + random.nextInt(20);
        newest.forEach((key, place) -> {
            List<Entry> expected =
                    all.stream()
                            .filter(entry -> entry.key().equals(key) && entry.offset() >= from)
                            .toList();
            List<Entry> found =
                    Arrays.stream(window.places(place, from))
                            .mapToObj(each -> window.read(each, key))
                            .toList();
            assertThat(found)
                    .usingElementComparator((a, b) -> isSame(a, b) ? 0 : 1)
                    .isEqualTo(expected);
        });
    }

    @Test
    void aRecordThatIsMoreThanItMayHoldEmptiesIt() {
        var window = new Window(10_000, 0);
        var random = new SplittableRandom(1);
        Entry small = entry(0, random, 10);
        long first = window.add(small, Window.NOWHERE);
        long second = window.add(entry(1, random, 20_000), first);
        assertThat(second).isEqualTo(Window.NOWHERE);
        assertThat(window.start()).isEqualTo(2);
        assertThat(window.bytes()).isZero();
        long third = window.add(entry(2, random, 10), second);
        assertThat(window.places(third, 0)).containsExactly(third);
    }

    @Test
    void aQuietPartitionTakesLittle() {
        var window = new Window(PartitionLog.WINDOW_BYTES_MAX, 0);
        window.add(entry(0, new SplittableRandom(1), 100), Window.NOWHERE);
        assertThat(window.bytes()).isLessThanOrEqualTo(4096);
    }

    private static boolean isSame(Entry a, Entry b) {
        return a.offset() == b.offset()
                && a.key().equals(b.key())
                && Arrays.equals(a.value(), b.value())
                && a.headers().equals(b.headers());
    }

    private static Entry entry(long offset, SplittableRandom random, int length) {
        var headers = new RecordHeaders();
        for (int i = random.nextInt(3); i > 0; i--) {
            headers.add("header-ü-" + i, bytes(random, random.nextInt(-1, 20)));
        }
        return new Entry(
                offset,
                new Key(("key-" + random.nextInt(10)).getBytes(UTF_8)),
                random.nextInt(10) == 0 ? null : bytes(random, length),
                headers);
    }

    private static byte @Nullable [] bytes(SplittableRandom random, int length) {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
