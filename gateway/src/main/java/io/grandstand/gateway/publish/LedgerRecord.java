package io.grandstand.gateway.publish;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A record of the ledger. Its Kafka key is the player in UTF-8.
///
/// The value, as `DataOutput` writes it: one byte for the kind, the attempt's node (two longs) and
/// number (long), the id (UTF), then a claim's topic (UTF), partition (int) and time (long), or the
/// partition (int) and offset (long) of what was written. What follows is ignored, so that later
/// versions may add to it.
sealed interface LedgerRecord {
    String player();

    String id();

    AttemptId attempt();

    /// Somebody wants to write a record. Of the open claims of one (player, id), the first in the
    /// ledger's order holds.
    ///
    /// @param topic where to
    /// @param partition which of its partitions
    /// @param atMs when, milliseconds since the epoch by the node's clock; also the timestamp of
    ///   the record to be written
    record Claim(
            String player, String id, AttemptId attempt, String topic, int partition, long atMs)
            implements LedgerRecord {}

    /// The record of (player, id) is written.
    record Done(String player, String id, AttemptId attempt, int partition, long offset)
            implements LedgerRecord {}

    /// The claim's record is surely not written and never will be.
    record Abandoned(String player, String id, AttemptId attempt) implements LedgerRecord {}

    default PublishKey key() {
        return PublishKey.of(player(), id());
    }

    default byte[] encodeKey() {
        return player().getBytes(StandardCharsets.UTF_8);
    }

    default byte[] encodeValue() {
        var bytes = new ByteArrayOutputStream(96);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(
                    switch (this) {
                        case Claim _ -> 'C';
                        case Done _ -> 'D';
                        case Abandoned _ -> 'A';
                    });
            out.writeLong(attempt().node().getMostSignificantBits());
            out.writeLong(attempt().node().getLeastSignificantBits());
            out.writeLong(attempt().number());
            out.writeUTF(id());
            switch (this) {
                case Claim claim -> {
                    out.writeUTF(claim.topic());
                    out.writeInt(claim.partition());
                    out.writeLong(claim.atMs());
                }
                case Done done -> {
                    out.writeInt(done.partition());
                    out.writeLong(done.offset());
                }
                case Abandoned _ -> {}
            }
        } catch (IOException idTooLong) {
            throw new UncheckedIOException(idTooLong);
        }
        return bytes.toByteArray();
    }

    /// The record with this key and value.
    ///
    /// @throws IOException if it is none of those above
    static LedgerRecord decode(byte @Nullable [] key, byte @Nullable [] value) throws IOException {
        if (key == null || value == null) {
            throw new IOException("key or value is missing");
        }
        String player = new String(key, StandardCharsets.UTF_8);
        try (var in = new DataInputStream(new ByteArrayInputStream(value))) {
            byte kind = in.readByte();
            var attempt = new AttemptId(new UUID(in.readLong(), in.readLong()), in.readLong());
            String id = in.readUTF();
            return switch (kind) {
                case 'C' ->
                        new Claim(player, id, attempt, in.readUTF(), partition(in), in.readLong());
                case 'D' -> new Done(player, id, attempt, partition(in), in.readLong());
                case 'A' -> new Abandoned(player, id, attempt);
                default -> throw new IOException("kind is %d: must be C, D or A".formatted(kind));
            };
        }
    }

    private static int partition(DataInputStream in) throws IOException {
        int partition = in.readInt();
        if (partition < 0) {
            throw new IOException("partition is %d: must not be negative".formatted(partition));
        }
        return partition;
    }
}
