package io.grandstand.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes the clients' tokens (JWT, signed with HMAC SHA-256), which do not expire.
final class Tokens {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER =
            base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII));

    private final Mac mac;

    Tokens(String secret) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC SHA-256", e);
        }
    }

    String of(String player) {
        String input =
                HEADER
                        + '.'
                        + base64(
                                "{\"sub\":\"%s\"}"
                                        .formatted(player)
                                        .getBytes(StandardCharsets.UTF_8));
        return input + '.' + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }
}
