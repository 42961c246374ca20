package io.grandstand.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A public key that tokens are checked with.
///
/// @param id its `kid`; null where it has none
/// @param algorithms those it is good for: what fits its type, and its `alg` where it names one
record TokenKey(@Nullable String id, Set<JWSAlgorithm> algorithms, Check check) {
    /// RFC 7518, 3.3, demands as much.
    private static final int RSA_BITS_MIN = 2048;

    /// Beyond, a check takes milliseconds of an event loop.
    private static final int RSA_BITS_MAX = 8192;

    /// Ed25519 public keys are these bytes and 32 more (RFC 8410, 4).
    private static final byte[] ED25519_PREFIX =
            HexFormat.of().parseHex("302a300506032b6570032100");

    private static final Set<JWSAlgorithm> RSA =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512);
    private static final Map<Curve, JWSAlgorithm> ECDSA =
            Map.of(
                    Curve.P_256, JWSAlgorithm.ES256,
                    Curve.P_384, JWSAlgorithm.ES384,
                    Curve.P_521, JWSAlgorithm.ES512);

    /// All algorithms by public key that are known here.
    static final Set<JWSAlgorithm> ALGORITHMS = allAlgorithms();

    /// Compares a signature with what it signs. Thread-safe.
    @FunctionalInterface
    interface Check {
        boolean matches(JWSHeader header, byte[] input, Base64URL signature)
                throws JOSEException, GeneralSecurityException;
    }

    /// The key that `jwk` describes, or null where tokens are not to be checked with it: it is for
    /// encryption, symmetric, or of a kind not known here.
    ///
    /// @throws ParseException if it is not what it says, or too weak
    static @Nullable TokenKey of(Map<String, Object> jwk) throws ParseException {
        try {
            JWK key = JWK.parse(jwk);
            if (!isForSignatures(key)) {
                return null;
            }
            return switch (key) {
                case RSAKey rsa -> of(rsa);
                case ECKey ec -> of(ec);
                case OctetKeyPair pair -> of(pair);
                default -> null;
            };
        } catch (JOSEException
                | GeneralSecurityException
                | IllegalArgumentException
                | IllegalStateException e) {
            throw new ParseException(String.valueOf(e.getMessage()), 0);
        }
    }

    /// Whether the key made the signature of `token`, whose algorithm must be among its own.
    boolean signed(JWSObject token) {
        try {
            return check.matches(token.getHeader(), token.getSigningInput(), token.getSignature());
        } catch (JOSEException | GeneralSecurityException | ProviderException noSignature) {
            return false;
        }
    }

    private static boolean isForSignatures(JWK key) {
        return (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                && (key.getKeyOperations() == null
                        || key.getKeyOperations().contains(KeyOperation.VERIFY));
    }

    private static @Nullable TokenKey of(RSAKey key) throws JOSEException, ParseException {
        int bits = key.size();
        if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
            throw new ParseException(
                    "RSA key of %d bits: must be %d to %d"
                            .formatted(bits, RSA_BITS_MIN, RSA_BITS_MAX),
                    0);
        }
        return of(key, RSA, by(new RSASSAVerifier(key.toRSAPublicKey())));
    }

    private static @Nullable TokenKey of(ECKey key) throws JOSEException {
        JWSAlgorithm algorithm = ECDSA.get(key.getCurve());
        return algorithm == null
                ? null
                : of(key, Set.of(algorithm), by(new ECDSAVerifier(key.toECPublicKey())));
    }

    /// By the JDK: the library would want Tink for it.
    private static @Nullable TokenKey of(OctetKeyPair key) throws GeneralSecurityException {
        if (!key.getCurve().equals(Curve.Ed25519)) {
            return null;
        }
        var encoded = new ByteArrayOutputStream();
        encoded.writeBytes(ED25519_PREFIX);
        encoded.writeBytes(key.getDecodedX());
        PublicKey publicKey =
                KeyFactory.getInstance("Ed25519")
                        .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
        return of(
                key,
                Set.of(JWSAlgorithm.EdDSA),
                (_, input, signature) -> {
                    Signature checking = Signature.getInstance("Ed25519");
                    checking.initVerify(publicKey);
                    checking.update(input);
                    return checking.verify(signature.decode());
                });
    }

    private static @Nullable TokenKey of(JWK key, Set<JWSAlgorithm> algorithms, Check check) {
        if (key.getAlgorithm() == null) {
            return new TokenKey(key.getKeyID(), algorithms, check);
        }
        JWSAlgorithm declared = JWSAlgorithm.parse(key.getAlgorithm().getName());
        return algorithms.contains(declared)
                ? new TokenKey(key.getKeyID(), Set.of(declared), check)
                : null;
    }

    private static Check by(JWSVerifier verifier) {
        return verifier::verify;
    }

    private static Set<JWSAlgorithm> allAlgorithms() {
        var all = new HashSet<>(RSA);
        all.addAll(ECDSA.values());
        all.add(JWSAlgorithm.EdDSA);
        return Set.copyOf(all);
    }
}
