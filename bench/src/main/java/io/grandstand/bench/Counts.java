package io.grandstand.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// What is counted of a group's deliveries in one window. Confined to one thread.
final class Counts {
    static final long SLOT_NS = 100_000_000;

    /// Ten minutes; what comes later is counted in the last slot.
    private static final int SLOTS_MAX = 6_000;

    private static final long LATENCY_US_MAX = 60_000_000;

    private final Histogram latency = histogram();
    private final Histogram acknowledged = histogram();
    private final long startNs;
    private long deliveries;
    private long lastNs;
    private long[] slots = new long[64];
    private long[] slotMaxUs = new long[64];
    private int slotCount;

    Counts(long startNs) {
        this.startNs = startNs;
    }

    /// Microseconds up to a minute, to three digits; what takes longer counts as a minute.
    static Histogram histogram() {
        return new Histogram(LATENCY_US_MAX, 3);
    }

    void delivered(long intendedNs, long nowNs) {
        deliveries++;
        lastNs = nowNs;
        long us = microseconds(intendedNs, nowNs);
        latency.recordValue(us);
        int slot = Math.clamp((nowNs - startNs) / SLOT_NS, 0, SLOTS_MAX - 1);
        if (slot >= slots.length) {
            slots = Arrays.copyOf(slots, Math.max(slot + 1, 2 * slots.length));
            slotMaxUs = Arrays.copyOf(slotMaxUs, slots.length);
        }
        slotCount = Math.max(slotCount, slot + 1);
        slots[slot]++;
        slotMaxUs[slot] = Math.max(slotMaxUs[slot], us);
    }

    void acknowledged(long intendedNs, long nowNs) {
        acknowledged.recordValue(microseconds(intendedNs, nowNs));
    }

    long deliveries() {
        return deliveries;
    }

    /// When the last delivery came; 0 without any.
    long lastNs() {
        return lastNs;
    }

    byte[] latency() {
        return bytes(latency);
    }

    long acknowledgedCount() {
        return acknowledged.getTotalCount();
    }

    byte[] acknowledged() {
        return bytes(acknowledged);
    }

    List<Long> slots() {
        return list(slots);
    }

    List<Long> slotMaxUs() {
        return list(slotMaxUs);
    }

    /// A histogram that another process wrote.
    static Histogram histogram(byte[] bytes) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), LATENCY_US_MAX);
        } catch (DataFormatException e) {
            throw new IllegalStateException("not a histogram of ours", e);
        }
    }

    private List<Long> list(long[] numbers) {
        var list = new ArrayList<Long>(slotCount);
        for (int i = 0; i < slotCount; i++) {
            list.add(numbers[i]);
        }
        return list;
    }

    static long microseconds(long intendedNs, long nowNs) {
        return Math.clamp((nowNs - intendedNs) / 1_000, 0, LATENCY_US_MAX);
    }

    static byte[] bytes(Histogram histogram) {
        var buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Arrays.copyOf(buffer.array(), length);
    }
}
