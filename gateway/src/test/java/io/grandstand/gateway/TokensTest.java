package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final Instant NOW = Instant.parse("2026-04-01T18:00:00Z");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef-secret".getBytes(UTF_8);

    private final Tokens tokens = new Tokens(SECRET, InstantSource.fixed(NOW));

    @Test
    void anIssuedTokenNamesItsPlayer() {
        Instant tomorrow = NOW.plus(Duration.ofDays(1));
        assertThat(tokens.verify(tokens.issue("asha", tomorrow)))
                .isEqualTo(new Tokens.Valid("asha", tomorrow));
    }

    @Test
    void aTokenIsExpiredFromItsLastMomentOn() {
        assertThat(tokens.verify(tokens.issue("asha", NOW))).isInstanceOf(Tokens.Expired.class);
    }

    @Test
    void aTokenOfAnotherSecretIsInvalid() {
        var others =
                new Tokens(
                        "another secret of at least 32 bytes".getBytes(UTF_8),
                        InstantSource.fixed(NOW));
        checkInvalid(others.issue("asha", NOW.plusSeconds(60)));
    }

    @Test
    void aTokenWithoutASignatureIsInvalid() {
        // {"alg":"none"} . {"sub":"asha"}
        checkInvalid("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhc2hhIn0.");
    }

    @Test
    void aTokenWithoutAPlayerIsInvalid() throws Exception {
        checkInvalid(signed(new JWTClaimsSet.Builder().build()));
        checkInvalid(signed(new JWTClaimsSet.Builder().subject("").build()));
    }

    @Test
    void aSubscriptionsTokenIsNoConnectionsToken() throws Exception {
        checkInvalid(
                signed(new JWTClaimsSet.Builder().subject("asha").claim("channel", "a:b").build()));
    }

    @Test
    void aTokenWithoutExpiryNeverExpires() throws Exception {
        assertThat(tokens.verify(signed(new JWTClaimsSet.Builder().subject("asha").build())))
                .isEqualTo(new Tokens.Valid("asha", null));
    }

    @Property
    void anyTextThatNobodySignedIsInvalid(@ForAll String text) {
        checkInvalid(text);
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new Tokens(new byte[5], InstantSource.system()))
                .hasMessage("token secret has 5 bytes: must be at least 32");
    }

    private static String signed(JWTClaimsSet claims) throws Exception {
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        jwt.sign(new MACSigner(SECRET));
        return jwt.serialize();
    }

    private void checkInvalid(String token) {
        assertThat(tokens.verify(token)).isInstanceOf(Tokens.Invalid.class);
    }
}
