package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// The latest records of one partition, as bytes. Confined to the thread that reads.
///
/// Records are written one behind the other into a few large arrays, and each knows where the one
/// before it of the same key is. Nothing is an object of its own: tens of thousands of them that
/// live for seconds would have to be copied by the garbage collector, and its pauses are what
/// players wait for. When the window is full its oldest segment goes, and its array is used again.
final class Window {
    /// The place of no record.
    static final long NOWHERE = -1;

    /// A new segment is as large as all before it, within these bounds: a quiet partition takes
    /// little, and a busy one forgets little at once.
    private static final int SEGMENT_BYTES_MIN = 4 << 10;

    static final int SEGMENT_BYTES_MAX = 256 << 10;

    /// Before the value: the record's Kafka offset, the place of the record before it of its key,
    /// the length of the value and the number of headers.
    private static final int OFFSET_AT = 0;

    private static final int PREVIOUS_AT = 8;
    private static final int VALUE_LENGTH_AT = 16;
    private static final int HEADERS_AT = 20;
    private static final int FIXED_BYTES = 24;

    /// What stands for a value that is null.
    private static final int NULL = -1;

    private final int bytesMax;
    private final List<Segment> segments = new ArrayList<>();
    private int allocated;
    private long start;

    /// How many segments are gone; so it is the number of the first that is there.
    private int gone;

    private static final class Segment {
        final ByteBuffer bytes;

        /// The position of a client that has all its records.
        long next;

        Segment(ByteBuffer bytes) {
            this.bytes = bytes;
        }
    }

    /// An empty window.
    ///
    /// @param bytesMax most memory for records; at least some segments' worth
    /// @param start the Kafka offset of the first record that will be added, or an earlier one
    ///   behind the last that was not
    Window(int bytesMax, long start) {
        this.bytesMax = bytesMax;
        this.start = start;
    }

    /// The Kafka offset from which on every record is here.
    long start() {
        return start;
    }

    /// Adds the next record of the partition; `previous` is the place of the record before it of
    /// its key. Returns its own place: `NOWHERE` where it alone is more than the window may hold.
    long add(Entry entry, long previous) {
        byte[] value = entry.value();
        int size = FIXED_BYTES + (value == null ? 0 : value.length);
        for (Header header : entry.headers()) {
            size += headerBytes(header);
        }
        if (segments.isEmpty() || segments.getLast().bytes.remaining() < size) {
            if (size > bytesMax) {
                while (!segments.isEmpty()) {
                    dropFirst();
                }
                start = entry.nextOffset();
                return NOWHERE;
            }
            addSegment(size);
        }
        Segment last = segments.getLast();
        last.next = entry.nextOffset();
        ByteBuffer bytes = last.bytes;
        long place = place(gone + segments.size() - 1, bytes.position());
        bytes.putLong(entry.offset()).putLong(previous);
        bytes.putInt(value == null ? NULL : value.length);
        bytes.putInt(count(entry.headers()));
        if (value != null) {
            bytes.put(value);
        }
        for (Header header : entry.headers()) {
            write(bytes, header.key().getBytes(UTF_8));
            write(bytes, header.value());
        }
        return place;
    }

    /// The places of a key's records from Kafka offset `from` on, oldest first. `newest` is the
    /// place of its last one.
    long[] places(long newest, long from) {
        long[] places = new long[8];
        int count = 0;
        for (long place = newest; isHere(place); place = previous(place)) {
            if (offset(place) < from) {
                break;
            }
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count++] = place;
        }
        long[] oldestFirst = new long[count];
        for (int i = 0; i < count; i++) {
            oldestFirst[i] = places[count - 1 - i];
        }
        return oldestFirst;
    }

    /// The Kafka offset of the record at a place that is here.
    long offset(long place) {
        return segment(place).bytes.getLong(index(place) + OFFSET_AT);
    }

    /// The record at a place that is here; `key` is its key.
    Entry read(long place, Key key) {
        ByteBuffer bytes = segment(place).bytes;
        int index = index(place);
        long offset = bytes.getLong(index + OFFSET_AT);
        int length = bytes.getInt(index + VALUE_LENGTH_AT);
        int headerCount = bytes.getInt(index + HEADERS_AT);
        index += FIXED_BYTES;
        byte[] value = null;
        if (length != NULL) {
            value = new byte[length];
            bytes.get(index, value);
            index += length;
        }
        var headers = new RecordHeaders();
        for (int i = 0; i < headerCount; i++) {
            byte[] name = new byte[bytes.getInt(index)];
            bytes.get(index + Integer.BYTES, name);
            index += Integer.BYTES + name.length;
            int valueLength = bytes.getInt(index);
            index += Integer.BYTES;
            byte[] headerValue = null;
            if (valueLength != NULL) {
                headerValue = new byte[valueLength];
                bytes.get(index, headerValue);
                index += valueLength;
            }
            headers.add(new String(name, UTF_8), headerValue);
        }
        return new Entry(offset, key, value, headers);
    }

    /// How much memory its records take, used or reserved: never more than it may.
    int bytes() {
        return allocated;
    }

    private boolean isHere(long place) {
        return place >= place(gone, 0);
    }

    private long previous(long place) {
        return segment(place).bytes.getLong(index(place) + PREVIOUS_AT);
    }

    private void addSegment(int bytesMin) {
        int size = Math.clamp(allocated, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
        size = Math.max(size, bytesMin);
        ByteBuffer free = null;
        while (allocated + size > bytesMax) {
            ByteBuffer dropped = dropFirst();
            if (dropped.capacity() == size) {
                free = dropped;
            }
        }
        segments.add(new Segment(free == null ? ByteBuffer.allocate(size) : free.clear()));
        allocated += size;
    }

    private ByteBuffer dropFirst() {
        Segment first = segments.removeFirst();
        allocated -= first.bytes.capacity();
        start = first.next;
        gone++;
        return first.bytes;
    }

    private Segment segment(long place) {
        return segments.get((int) (place >>> Integer.SIZE) - gone);
    }

    private static int index(long place) {
        return (int) place;
    }

    private static long place(int segment, int index) {
        return (long) segment << Integer.SIZE | index;
    }

    private static int headerBytes(Header header) {
        byte[] value = header.value();
        return 2 * Integer.BYTES
                + header.key().getBytes(UTF_8).length
                + (value == null ? 0 : value.length);
    }

    private static int count(Headers headers) {
        int count = 0;
        for (Header _ : headers) {
            count++;
        }
        return count;
    }

    private static void write(ByteBuffer to, byte @Nullable [] bytes) {
        if (bytes == null) {
            to.putInt(NULL);
        } else {
            to.putInt(bytes.length).put(bytes);
        }
    }
}
