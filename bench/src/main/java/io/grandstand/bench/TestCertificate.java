package io.grandstand.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for this machine that exists for one run, made by the JDK's keytool, and what
/// believes it.
///
/// @param certificate PEM file
/// @param key PEM file with its private key, on the curve P-256
/// @param client speaks HTTPS with who has it, and with nobody else
record TestCertificate(Path certificate, Path key, HttpClient client) {
    private static final String NAME = "bench";
    private static final String PASSWORD = "for-one-run";

    /// Makes one, with its files in `folder`.
    static TestCertificate make(Path folder) throws InterruptedException {
        Path store = folder.resolve("certificate.p12");
        try {
            keytool(store);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            Path certificate = folder.resolve("certificate.pem");
            Path key = folder.resolve("key.pem");
            write(certificate, "CERTIFICATE", keys.getCertificate(NAME).getEncoded());
            write(key, "PRIVATE KEY", keys.getKey(NAME, PASSWORD.toCharArray()).getEncoded());
            return new TestCertificate(certificate, key, client(keys));
        } catch (IOException | GeneralSecurityException e) {
            throw new BenchException("no certificate can be made: " + e.getMessage(), e);
        }
    }

    /// The gateway's configuration within `listen`.
    String keys() {
        return "tls: {certificate-file: %s, key-file: %s}".formatted(certificate, key);
    }

    private static void keytool(Path store) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        tool.toString(),
                                        "-genkeypair",
                                        "-keyalg",
                                        "EC",
                                        "-groupname",
                                        "secp256r1",
                                        "-alias",
                                        NAME,
                                        "-dname",
                                        "CN=" + NAME,
                                        "-ext",
                                        "san=ip:127.0.0.1",
                                        "-storetype",
                                        "PKCS12",
                                        "-keystore",
                                        store.toString(),
                                        "-storepass",
                                        PASSWORD))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
        if (process.waitFor() != 0) {
            throw new IOException("keytool said: " + said.strip());
        }
    }

    private static void write(Path file, String kind, byte[] encoded) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Files.writeString(
                file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, base64, kind));
    }

    private static HttpClient client(KeyStore trusted) throws GeneralSecurityException {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
