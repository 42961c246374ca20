package io.grandstand.gateway.auth;

import com.nimbusds.jose.JWSAlgorithm;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signatures by shared secret: HS256, HS384, HS512. Thread-safe.
///
/// Not the library's own check, which refuses secrets shorter than the hash.
final class Hmac {
    private static final Map<JWSAlgorithm, String> NAMES =
            Map.of(
                    JWSAlgorithm.HS256, "HmacSHA256",
                    JWSAlgorithm.HS384, "HmacSHA384",
                    JWSAlgorithm.HS512, "HmacSHA512");

    private final List<byte[]> secrets;

    Hmac(List<byte[]> secrets) {
        this.secrets = secrets;
    }

    static boolean isOwn(JWSAlgorithm algorithm) {
        return NAMES.containsKey(algorithm);
    }

    /// Whether one of the secrets made `signature`. Takes as long wherever the first wrong byte is.
    boolean matches(JWSAlgorithm algorithm, byte[] input, byte[] signature) {
        boolean matches = false;
        for (byte[] secret : secrets) {
            matches |= MessageDigest.isEqual(sign(algorithm, secret, input), signature);
        }
        return matches;
    }

    static byte[] sign(JWSAlgorithm algorithm, byte[] secret, byte[] input) {
        String name = NAMES.get(algorithm);
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return mac.doFinal(input);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
