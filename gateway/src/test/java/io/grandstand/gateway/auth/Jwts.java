package io.grandstand.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keys, and tokens of every make, good and bad.
final class Jwts {
    /// Ed25519 key pairs come from the JDK: the library would want Tink to sign with them.
    private static final Map<OctetKeyPair, PrivateKey> ED25519 = new ConcurrentHashMap<>();

    private Jwts() {}

    /// A token of these three parts, signed with HMAC.
    static String hmac(JWSAlgorithm algorithm, byte[] secret, String payload) {
        return hmac("{\"alg\":\"%s\"}".formatted(algorithm), algorithm, secret, payload);
    }

    static String hmac(String header, JWSAlgorithm algorithm, byte[] secret, String payload) {
        String input = Base64URL.encode(header) + "." + Base64URL.encode(payload);
        return input + "." + Base64URL.encode(Hmac.sign(algorithm, secret, input.getBytes(UTF_8)));
    }

    /// A token of these parts as they are.
    static String of(String header, String payload, byte[] signature) {
        return Base64URL.encode(header)
                + "."
                + Base64URL.encode(payload)
                + "."
                + Base64URL.encode(signature);
    }

    /// A token signed with a private key; names the key where it has an id.
    static String signed(JWSAlgorithm algorithm, JWK key, String payload) throws Exception {
        var header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
        return signed(header, key, payload);
    }

    static String signed(JWSHeader header, JWK key, String payload) throws Exception {
        if (key instanceof OctetKeyPair pair) {
            String input = header.toBase64URL() + "." + Base64URL.encode(payload);
            return input + "." + Base64URL.encode(ed25519(pair, input.getBytes(UTF_8)));
        }
        var token = new JWSObject(header, new Payload(payload));
        token.sign(
                key instanceof RSAKey rsa
                        ? new RSASSASigner(rsa.toPrivateKey())
                        : new ECDSASigner((ECKey) key));
        return token.serialize();
    }

    /// A new key, private part included, that can sign with `algorithm`.
    static JWK key(JWSAlgorithm algorithm, @Nullable String id) throws Exception {
        return switch (algorithm.getName()) {
            case "ES256" -> new ECKeyGenerator(Curve.P_256).keyID(id).generate();
            case "ES384" -> new ECKeyGenerator(Curve.P_384).keyID(id).generate();
            case "ES512" -> new ECKeyGenerator(Curve.P_521).keyID(id).generate();
            case "EdDSA" -> ed25519(id);
            default -> new RSAKeyGenerator(2048).keyID(id).generate();
        };
    }

    /// `token` with one bit of a part's bytes turned: 0 is the header, 1 the payload, 2 the
    /// signature.
    static String tampered(String token, int part, int bit) {
        String[] parts = token.split("\\.", -1);
        byte[] bytes = Base64URL.from(parts[part]).decode();
        int turned = bit % (bytes.length * 8);
        bytes[turned / 8] ^= (byte) (1 << (turned % 8));
        parts[part] = Base64URL.encode(bytes).toString();
        return String.join(".", parts);
    }

    private static OctetKeyPair ed25519(@Nullable String id) throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        var key = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID(id).build();
        ED25519.put(key, pair.getPrivate());
        return key;
    }

    private static byte[] ed25519(OctetKeyPair key, byte[] input) throws GeneralSecurityException {
        Signature signing = Signature.getInstance("Ed25519");
        signing.initSign(ED25519.get(key));
        signing.update(input);
        return signing.sign();
    }
}
