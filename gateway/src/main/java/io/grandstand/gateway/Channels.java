package io.grandstand.gateway;

import io.grandstand.protocol.Codes.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rule that maps channels to (topic, key) and back. Only listed namespaces exist.
///
/// `result:42` is namespace `result` and key `42`; `/result/42` is another spelling of it. The key
/// is everything behind the first separator, so it may hold further ones; its bytes that are not
/// printable ASCII, and `%` itself, are percent-encoded. A bare `gettop` has no key. Immutable.
public final class Channels {
    /// Longest channel name in characters: a 128-character key, each character percent-encoded.
    public static final int LENGTH_MAX = 512;

    private final Map<String, Namespace> namespaces;

    public Channels(List<Namespace> namespaces) {
        var byName = new HashMap<String, Namespace>();
        for (Namespace namespace : namespaces) {
            if (byName.put(namespace.name(), namespace) != null) {
                throw new IllegalArgumentException(
                        "namespace '%s' stands twice".formatted(namespace.name()));
            }
        }
        this.namespaces = Map.copyOf(byName);
    }

    /// What a channel name stands for.
    public sealed interface Resolved {}

    /// The channel exists.
    ///
    /// @param key the record key's bytes, at least one; null where the channel is a bare namespace
    public record Address(Namespace namespace, byte @Nullable [] key) implements Resolved {
        /// The channel's one canonical name, however it was spelled.
        public String channel() {
            return Channels.channel(namespace, key);
        }
    }

    /// The channel does not exist, or is no channel name.
    public record Refused(ErrorCode error) implements Resolved {}

    public Resolved resolve(String channel) {
        if (channel.isEmpty() || channel.length() > LENGTH_MAX) {
            return new Refused(ErrorCode.BAD_REQUEST);
        }
        boolean slashed = channel.charAt(0) == '/';
        String path = slashed ? channel.substring(1) : channel;
        int separator = path.indexOf(slashed ? '/' : ':');
        String name = separator < 0 ? path : path.substring(0, separator);
        Namespace namespace = namespaces.get(name);
        if (namespace == null || name.isEmpty()) {
            return inNamelessNamespace(channel, separator < 0);
        }
        if (separator < 0) {
            return new Address(namespace, null);
        }
        byte[] key = decode(path.substring(separator + 1));
        return key == null || key.length == 0
                ? new Refused(ErrorCode.BAD_REQUEST)
                : new Address(namespace, key);
    }

    /// A channel that names no namespace is the key in the one without a name, if there is one.
    private Resolved inNamelessNamespace(String channel, boolean namesNone) {
        Namespace nameless = namespaces.get("");
        if (nameless == null || !namesNone) {
            return new Refused(ErrorCode.UNKNOWN_CHANNEL);
        }
        byte[] key = decode(channel);
        return key == null ? new Refused(ErrorCode.BAD_REQUEST) : new Address(nameless, key);
    }

    /// The one canonical name of the channel that `key` has in `namespace`.
    public static String channel(Namespace namespace, byte @Nullable [] key) {
        if (namespace.name().isEmpty() && key != null) {
            // A separator would name another namespace.
            return encode(key).replace(":", "%3A").replace("/", "%2F");
        }
        return key == null ? namespace.name() : namespace.name() + ":" + encode(key);
    }

    private static String encode(byte[] key) {
        var text = new StringBuilder(key.length);
        for (byte b : key) {
            if (b > 0x20 && b < 0x7f && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return text.toString();
    }

    /// The bytes of an encoded key, or null where a `%` is not followed by two hexadecimal digits.
    /// Characters beyond ASCII are taken as their UTF-8 bytes.
    private static byte @Nullable [] decode(String encoded) {
        byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
        var key = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                key.write(bytes[i]);
            } else if (i + 2 < bytes.length
                    && HexFormat.isHexDigit(bytes[i + 1])
                    && HexFormat.isHexDigit(bytes[i + 2])) {
                key.write(
                        HexFormat.fromHexDigit(bytes[i + 1]) * 16
                                + HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            } else {
                return null;
            }
        }
        return key.toByteArray();
    }
}
