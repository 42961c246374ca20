package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a node proves its name with: its certificate, those that vouch for it, and its private key.
///
/// @param chain the node's own certificate, then each one's issuer's
/// @param key the key of the first one
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final String CERTIFICATE = "CERTIFICATE";

    /// The unencrypted private key of PKCS #8; older forms name their algorithm before `KEY`.
    private static final String KEY = "PRIVATE KEY";

    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

    /// Where a key of the older forms tells how it is encrypted.
    private static final String ENCRYPTION_HEADER = "Proc-Type:";

    /// Text that is not what it should be; the message completes a sentence that begins with the
    /// name of its file.
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    public ServerCertificate {
        chain = List.copyOf(chain);
    }

    /// The certificates in PEM text, in its order; what else is in it does not matter.
    ///
    /// @throws RefusedException where there is none
    public static List<X509Certificate> chain(String pem) throws RefusedException {
        var chain = new ArrayList<X509Certificate>();
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            if (block.group(1).equals(CERTIFICATE)) {
                chain.add(certificate(block.group()));
            }
        }
        if (chain.isEmpty()) {
            throw new RefusedException(
                    "holds no certificate: must be PEM, with '-----BEGIN CERTIFICATE-----'");
        }
        return chain;
    }

    private static X509Certificate certificate(String pem) throws RefusedException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
        } catch (CertificateException e) {
            throw new RefusedException("holds a certificate that cannot be read: is it cut off?");
        }
    }

    /// The private key in PEM text.
    ///
    /// @throws RefusedException where there is none, or not one that can be used
    public static PrivateKey key(String pem) throws RefusedException {
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            String kind = block.group(1);
            if (kind.equals(KEY)) {
                return key(bytes(block.group(2)));
            }
            if (kind.equals(ENCRYPTED_KEY) || block.group(2).contains(ENCRYPTION_HEADER)) {
                throw new RefusedException(
                        "holds an encrypted key: must be one without a passphrase, as 'openssl pkey"
                                + " -in OLD -out NEW' makes it");
            }
            if (kind.endsWith(KEY)) {
                throw new RefusedException(
                        "holds a key in the old form '%s': must be PKCS #8, as 'openssl pkey -in OLD"
                                        .formatted(kind)
                                + " -out NEW' makes it");
            }
        }
        throw new RefusedException(
                "holds no private key: must be PEM, with '-----BEGIN PRIVATE KEY-----'");
    }

    private static byte[] bytes(String base64) throws RefusedException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("holds a private key that cannot be read: is it cut off?");
        }
    }

    private static PrivateKey key(byte[] encoded) throws RefusedException {
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException notOfThisAlgorithm) {
                // The encoding names its algorithm, but only the right factory can read that.
            }
        }
        throw new RefusedException("holds a private key that is neither RSA nor of a known curve");
    }

    /// A certificate with its key.
    ///
    /// @throws RefusedException of the key, where it is another one's
    public static ServerCertificate of(List<X509Certificate> chain, PrivateKey key)
            throws RefusedException {
        if (!isKeyOf(chain.getFirst(), key)) {
            throw new RefusedException("holds a private key that is not the certificate's");
        }
        return new ServerCertificate(chain, key);
    }

    /// Whether the certificate confirms what the key has signed.
    private static boolean isKeyOf(X509Certificate certificate, PrivateKey key) {
        try {
            var signature =
                    Signature.getInstance(
                            key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            return signature.verify(signed);
        } catch (GeneralSecurityException ofAnotherAlgorithm) {
            return false;
        }
    }
}
