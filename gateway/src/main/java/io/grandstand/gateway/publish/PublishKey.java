package io.grandstand.gateway.publish;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A (player, id) in 16 bytes, however long they are: half of their SHA-256, which nobody can find
/// two of. Exists in memory only.
record PublishKey(long high, long low) {
    /// Occurs in no UTF-8 text, so no two pairs make the same bytes.
    private static final byte SEPARATOR = (byte) 0xFF;

    static PublishKey of(String player, String id) {
        return of(player.getBytes(StandardCharsets.UTF_8), id.getBytes(StandardCharsets.UTF_8));
    }

    /// From the UTF-8 of both.
    static PublishKey of(byte[] player, byte[] id) {
        MessageDigest digest = sha256();
        digest.update(player);
        digest.update(SEPARATOR);
        digest.update(id);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new PublishKey(hash.getLong(), hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
