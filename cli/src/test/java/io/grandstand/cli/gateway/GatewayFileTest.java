package io.grandstand.cli.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.GatewayConfig.Backpressure;
import io.grandstand.gateway.GatewayConfig.Compression;
import io.grandstand.gateway.GatewayConfig.InternalTopics;
import io.grandstand.gateway.GatewayConfig.Limits;
import io.grandstand.gateway.GatewayConfig.Listen;
import io.grandstand.gateway.GatewayConfig.Timing;
import io.grandstand.gateway.GatewayConfig.Tls;
import io.grandstand.gateway.Namespace;
import io.grandstand.gateway.Namespace.KeySource;
import io.grandstand.gateway.Namespace.Mode;
import io.grandstand.gateway.Namespace.Permission;
import io.grandstand.gateway.Namespace.Presence;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayFileTest {
    @TempDir private Path folder;

    // --- what is read ---------------------------------------------------------------------------

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        GatewaySettings settings = configuration(Configuration.REQUIRED).read();
        assertThat(settings.gateway())
                .isEqualTo(
                        new GatewayConfig(
                                new Listen("0.0.0.0", 8000, Set.of()),
                                List.of(
                                        Namespace.of(
                                                "prices",
                                                "prices",
                                                Mode.STREAM,
                                                Permission.NONE,
                                                Permission.NONE,
                                                KeySource.CHANNEL)),
                                false,
                                Limits.DEFAULT,
                                Backpressure.DEFAULT,
                                Timing.DEFAULT,
                                Compression.DEFAULT,
                                InternalTopics.NONE,
                                0));
        assertThat(settings.kafka()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
        assertThat(settings.creation())
                .isEqualTo(new GatewaySettings.TopicCreation(true, 16, OptionalInt.empty()));
    }

    @Test
    void everyKeyIsTaken() throws Exception {
        GatewaySettings settings =
                configuration(
                                """
                                listen: {host: 127.0.0.1, port: 9000, allowed-origins: [https://a.example, 'http://localhost:3000'], tls: {certificate-file: server.crt, key-file: server.key}}
                                kafka:
                                  bootstrap.servers: a:1, b:2
                                  security.protocol: SASL_SSL
                                  request.timeout.ms: 9000
                                authentication:
                                  hmac:
                                    secret: a secret of thirty-two bytes or more
                                    previous-secrets: [another secret of thirty-two bytes]
                                  jwks: {url: https://login.example/keys, refresh: 1h}
                                  issuer: https://login.example
                                  audience: grandstand
                                  anonymous: true
                                namespaces:
                                  results:
                                    topic: match.results.v1
                                    mode: latest
                                    subscribe: own
                                    publish: any
                                    key: channel
                                    recover-limit: 7
                                    presence: full
                                    join-leave: true
                                    shown-headers: [trace-id, source]
                                    show-publisher: true
                                    publish-bytes: 1 KiB
                                    publishes-per-second: 5
                                    schema-file: result.schema.json
                                  ask: {publish: own, key: player}
                                  "": {topic: everything, presence: counts}
                                limits: {frame-bytes: 1 MiB, publish-bytes: 128 KiB, subscriptions: 9, commands-per-second: 0, publishes-in-flight: 3}
                                backpressure: {low-bytes: 1000, high-bytes: 2 KiB, grace: 0s}
                                timing: {ping: 30s, pong: 900ms, publish: 2s, drain: 1m}
                                compression: {enabled: false, min-bytes: 100 B}
                                shards: 12
                                internal-topics: {presence: p, publishes: q, revocations: r, create: false, replication-factor: 3, partitions: 4}
                                """)
                        .read();
        assertThat(settings.gateway())
                .isEqualTo(
                        new GatewayConfig(
                                new Listen(
                                        "127.0.0.1",
                                        9000,
                                        Set.of("https://a.example", "http://localhost:3000"),
                                        new Tls(
                                                folder.resolve("server.crt"),
                                                folder.resolve("server.key"))),
                                List.of(
                                        new Namespace(
                                                "results",
                                                "match.results.v1",
                                                Mode.LATEST,
                                                Permission.OWN,
                                                Permission.ANY,
                                                KeySource.CHANNEL,
                                                7,
                                                Presence.FULL,
                                                true,
                                                Set.of("trace-id", "source"),
                                                true,
                                                1024,
                                                5,
                                                "{\"type\": \"object\"}"),
                                        Namespace.writable("ask", Permission.OWN, KeySource.PLAYER),
                                        new Namespace(
                                                "",
                                                "everything",
                                                Mode.STREAM,
                                                Permission.NONE,
                                                Permission.NONE,
                                                KeySource.CHANNEL,
                                                0,
                                                Presence.COUNTS,
                                                false,
                                                Set.of(),
                                                false,
                                                0,
                                                0,
                                                null)),
                                true,
                                new Limits(1 << 20, 128 << 10, 9, 0, 3),
                                new Backpressure(1000, 2048, Duration.ZERO),
                                new Timing(
                                        Duration.ofSeconds(30),
                                        Duration.ofMillis(900),
                                        Duration.ofSeconds(2),
                                        Duration.ofMinutes(1)),
                                new Compression(false, 100),
                                new InternalTopics("p", "q", "r"),
                                12));
        assertThat(settings.kafka())
                .isEqualTo(
                        Map.of(
                                "bootstrap.servers", "a:1, b:2",
                                "security.protocol", "SASL_SSL",
                                "request.timeout.ms", "9000"));
        Authentication authentication = settings.authentication();
        assertThat(authentication.hmac().orElseThrow().secret())
                .isEqualTo("a secret of thirty-two bytes or more".getBytes(UTF_8));
        assertThat(authentication.hmac().orElseThrow().previous())
                .containsExactly("another secret of thirty-two bytes".getBytes(UTF_8));
        assertThat(authentication.jwks())
                .contains(
                        new Authentication.Jwks(
                                URI.create("https://login.example/keys"), Duration.ofHours(1)));
        assertThat(authentication.issuer()).contains("https://login.example");
        assertThat(authentication.audience()).contains("grandstand");
        assertThat(settings.creation())
                .isEqualTo(new GatewaySettings.TopicCreation(false, 4, OptionalInt.of(3)));
    }

    @Test
    void theSecretOfAFileIsItsTextWithoutTheLastLineEnd() throws Exception {
        GatewaySettings settings =
                configuration(with("authentication: {hmac: {secret-file: secret}}")).read();
        assertThat(settings.authentication().hmac().orElseThrow().secret())
                .isEqualTo("0123456789abcdef0123456789abcdef".getBytes(UTF_8));
        assertThat(settings.gateway().anonymous()).isFalse();
    }

    @Test
    void aFileMayBeginWithAByteOrderMarkAndBeJson() {
        String json =
                """
                \uFEFF{"kafka": {"bootstrap.servers": "a:1"}, "authentication": {"hmac": {"secret": "0123456789abcdef0123456789abcdef"}},
                 "namespaces": {"prices": {"subscribe": "any"}}}
                """;
        assertThat(configuration(json).problems()).isEmpty();
    }

    // --- what is refused ------------------------------------------------------------------------

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfTheFile() {
        check(
                """
                lisen: {port: 1}
                listen:
                  port: 99999
                  prot: 8000
                kafka:
                  bootstrap.server: localhost:9092
                namespaces:
                  results: {mode: streem, topic: a b}
                limits: {frame-bytes: 64 KB}
                timing: {ping: 25}
                """,
                "1:1: lisen: there is no such key; did you mean 'listen'?",
                "1:1: authentication is missing: must say who may connect, by authentication.hmac"
                        + " or authentication.jwks; to try something without, say --insecure",
                "3:9: listen.port is '99999': must be a whole number, 0 to 65535",
                "4:3: listen.prot: there is no such key; did you mean 'listen.port'?",
                "5:1: kafka.bootstrap.servers is missing: must be the cluster's addresses, such as"
                        + " localhost:9092",
                "6:3: kafka.bootstrap.server: Kafka's clients have no such setting; did you mean"
                        + " 'kafka.bootstrap.servers'?",
                "8:19: namespaces.results.mode is 'streem': must be stream or latest",
                "8:34: namespaces.results.topic is 'a b': must be a topic that clients may see: 1"
                        + " to 249 of A-Z a-z 0-9 . _ -, not beginning with __",
                "9:23: limits.frame-bytes is '64 KB': must be a size such as 64 KiB, 1 KiB to 1"
                        + " MiB",
                "10:16: timing.ping is '25': must be a duration such as 900ms, 25s or 10m, 1s to"
                        + " 24h");
    }

    @Test
    void anEmptyFileLacksWhatIsRequired() {
        assertThat(configuration("# nothing yet\n").problems())
                .satisfiesExactlyInAnyOrder(
                        kafka -> assertThat(kafka).startsWith("1:1: kafka.bootstrap.servers is"),
                        tokens -> assertThat(tokens).startsWith("1:1: authentication is missing"),
                        names -> assertThat(names).startsWith("1:1: namespaces is missing"));
    }

    @Test
    void aValueOfAWrongShapeIsToldWithTheRightOne() {
        checkWith("listen: 8000", "4:9: listen must be keys: host, port, allowed-origins, tls");
        checkWith(
                "listen: {port: [1, 2]}",
                "4:16: listen.port is a list: must be a whole number, 0 to 65535");
        checkWith(
                "compression: {enabled: {a: b}}",
                "4:24: compression.enabled has keys of its own: must be true or false");
        checkWith(
                "compression: {enabled: yes}",
                "4:24: compression.enabled is 'yes': must be true or false");
        checkWith(
                "shards:",
                "4:8: shards has no value: must be a whole number, 0 or more, or left out");
        checkWith(
                "listen: {allowed-origins: https://a.example}",
                "4:27: listen.allowed-origins is no list: must be written as [a, b], or with '- a'"
                        + " in lines");
        checkWith(
                "listen: {allowed-origins: [https://a.example/, '*', [b]]}",
                "4:28: listen.allowed-origins is 'https://a.example/': must be an origin such as"
                        + " https://play.example, without a path, or '*' for any",
                "4:53: listen.allowed-origins is a list: must be an origin such as"
                        + " https://play.example, without a path, or '*' for any");
        check(
                "- a\n- b\n",
                "1:1: must be keys: listen, kafka, authentication, namespaces, limits,"
                        + " backpressure, timing, compression, shards, internal-topics",
                "1:1: kafka.bootstrap.servers is missing: must be the cluster's addresses, such as"
                        + " localhost:9092",
                "1:1: authentication is missing: must say who may connect, by authentication.hmac"
                        + " or authentication.jwks; to try something without, say --insecure",
                "1:1: namespaces is missing: must name at least one, such as 'prices: {subscribe:"
                        + " any}'");
    }

    @Test
    void aSectionWithoutKeysIsAsGoodAsLeftOut() {
        checkWith("limits:\ntiming: {}");
    }

    @Test
    void aKeyInTheWrongSectionIsToldWhereItBelongs() {
        checkWith("port: 8000", "4:1: port: there is no such key; did you mean 'listen.port'?");
        checkWith(
                "limits: {recover-limit: 5}",
                "4:10: limits.recover-limit: there is no such key; did you mean"
                        + " 'namespaces.<name>.recover-limit'?");
    }

    @Test
    void keysWithDotsAreKafkasAlone() {
        checkWith(
                "listen.port: 8000\nlimits: {a.b: 1}",
                "4:1: listen.port: must be written as keys within keys, such as listen: {port:"
                        + " 8000}",
                "5:10: limits.a.b: must be written as keys within keys, such as listen: {port:"
                        + " 8000}");
    }

    @Test
    void aKeyStandsOnce() {
        checkWith(
                "limits: {subscriptions: 1}\nshards: 0\nlimits: {subscriptions: 2}",
                "6:1: 'limits' stands twice, first in line 4");
        check(
                with("namespaces:\n  prices: {}\n  prices: {subscribe: any}"),
                "5:3: 'prices' stands twice, first in line 4");
    }

    @Test
    void whatIsNoYamlIsToldWithItsPlace() {
        check(
                "listen: {port: 8000\nkafka: 1\n",
                "2:6: is not YAML: expected ',' or '}', but got :");
        check(
                "\tlisten: 1",
                "1:1: is not YAML: found character '\\t(TAB)' that cannot start any"
                        + " token. (Do not use \\t(TAB) for indentation)");
        check("? [a]\n: b\n", "1:4: is not YAML: Expected a field name (Scalar value in YAML)");
    }

    @Test
    void aliasesAndSecondDocumentsAreNotGuessedAt() {
        checkWith(
                "listen: {host: &a x, port: *a}", "4:28: '*a' is an alias: write the value itself");
        checkWith("---\nshards: 1", "5:1: here begins a second document: a configuration has one");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        assertThat(new Configuration(folder.resolve("absent.yaml")).problems())
                .singleElement()
                .asString()
                .endsWith("absent.yaml: does not exist");
        assertThat(new Configuration(folder).problems())
                .singleElement()
                .asString()
                .endsWith(": is no file");
        Path latin = Files.write(folder.resolve("latin.yaml"), "a: \u00fc".getBytes(ISO_8859_1));
        assertThat(new Configuration(latin).problems())
                .singleElement()
                .asString()
                .endsWith(": is not UTF-8 text");
        Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
        assertThat(new Configuration(large).problems())
                .singleElement()
                .asString()
                .endsWith(": has 1048577 bytes: must be at most 1048576");
    }

    @Test
    void aKafkaSettingIsCheckedAsKafkaWould() {
        check(
                """
                kafka:
                  bootstrap.servers: localhost
                  request.timeout.ms: soon
                  isolation.level: dirty
                  sasl.mechanisms: PLAIN
                  max.poll.records: [1]
                authentication: {hmac: {secret: 0123456789abcdef0123456789abcdef}}
                namespaces: {prices: {}}
                """,
                "2:22: kafka.bootstrap.servers is 'localhost': must be host:port, separated by"
                        + " commas",
                "3:23: kafka.request.timeout.ms: Invalid value soon for configuration"
                        + " request.timeout.ms: Not a number of type INT",
                "4:20: kafka.isolation.level: Invalid value dirty for configuration"
                        + " isolation.level: String must be one of: read_committed,"
                        + " read_uncommitted",
                "5:3: kafka.sasl.mechanisms: Kafka's clients have no such setting; did you mean"
                        + " 'kafka.sasl.mechanism'?",
                "6:21: kafka.max.poll.records is a list: must be text");
    }

    @Test
    void aSecretMustBeLongAndNamedOnceAndIsNeverShown() {
        check(
                with("authentication: {hmac: {secret: hush, previous-secrets: [hush-hush]}}"),
                "2:33: authentication.hmac.secret is not shown: must be text of at least 32 bytes",
                "2:58: authentication.hmac.previous-secrets is not shown: must be text of at least"
                        + " 32 bytes");
        check(
                with("authentication: {hmac: {secret-file: short}}"),
                "2:38: authentication.hmac.secret-file names a file of 16 bytes: must be at least"
                        + " 32, as 'openssl rand -base64 32' makes them");
        check(
                with(
                        "authentication: {hmac: {secret-file: secret, secret:"
                                + " 0123456789abcdef0123456789abcdef}}"),
                "2:54: authentication.hmac.secret is given, and so is"
                        + " authentication.hmac.secret-file: must be one of them");
        check(
                with("authentication: {hmac: }"),
                "2:18: authentication.hmac.secret-file is missing: must be the file with the secret"
                        + " that tokens are signed with");
        check(
                with("authentication: {hmac: {secret-file: nowhere}}"),
                "2:38: authentication.hmac.secret-file: DIR/nowhere does not exist");
    }

    @Test
    void tlsNeedsBothFiles() {
        checkWith(
                "listen: {tls: {certificate-file: server.crt}}",
                "4:10: listen.tls.key-file is missing: must be the PEM file with the private key,"
                        + " where the other one is given");
        checkWith(
                "listen: {tls: {key-file: server.key}}",
                "4:10: listen.tls.certificate-file is missing: must be the PEM file with the"
                        + " certificate, where the other one is given");
        checkWith("listen: {tls: {}}");
    }

    @Test
    void theFilesOfTlsMustHoldACertificateAndItsKey() throws Exception {
        Files.writeString(folder.resolve("other.key"), Configuration.resource("other.key"));
        Files.writeString(folder.resolve("image"), "\0\u00ff", ISO_8859_1);
        checkWith(
                tls("nowhere.crt", "nowhere.key"),
                "4:34: listen.tls.certificate-file: DIR/nowhere.crt does not exist",
                "4:57: listen.tls.key-file: DIR/nowhere.key does not exist");
        checkWith(
                tls("server.key", "server.crt"),
                "4:34: listen.tls.certificate-file names a file that holds no certificate: must be"
                        + " PEM, with '-----BEGIN CERTIFICATE-----'",
                "4:56: listen.tls.key-file names a file that holds no private key: must be PEM,"
                        + " with '-----BEGIN PRIVATE KEY-----'");
        checkWith(
                tls("image", "server.key"),
                "4:34: listen.tls.certificate-file: DIR/image is not UTF-8 text");
        checkWith(
                tls("server.crt", "other.key"),
                "4:56: listen.tls.key-file names a file that holds a private key that is not the"
                        + " certificate's");
    }

    @Test
    void aKeyMustBeOneThatTheGatewayCanRead() throws Exception {
        checkKey(
                pem("ENCRYPTED PRIVATE KEY", "MIIB"),
                "holds an encrypted key: must be one without a passphrase, as 'openssl pkey -in OLD"
                        + " -out NEW' makes it");
        checkKey(
                pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0\n\nMIIB"),
                "holds an encrypted key: must be one without a passphrase, as 'openssl pkey -in OLD"
                        + " -out NEW' makes it");
        checkKey(
                pem("EC PRIVATE KEY", "MIIB"),
                "holds a key in the old form 'EC PRIVATE KEY': must be PKCS #8, as 'openssl pkey"
                        + " -in OLD -out NEW' makes it");
        checkKey(
                pem("PRIVATE KEY", "MIIB"),
                "holds a private key that is neither RSA nor of a known curve");
    }

    private void checkKey(String pem, String problem) throws Exception {
        Files.writeString(folder.resolve("some.key"), pem);
        checkWith(
                tls("server.crt", "some.key"),
                "4:56: listen.tls.key-file names a file that " + problem);
    }

    private static String tls(String certificate, String key) {
        return "listen: {tls: {certificate-file: %s, key-file: %s}}".formatted(certificate, key);
    }

    private static String pem(String kind, String content) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, content, kind);
    }

    @Test
    void aKeySetMustComeOverASecureConnection() {
        check(
                with("authentication: {jwks: {url: 'http://login.example/keys'}}"),
                "2:30: authentication.jwks.url is 'http://login.example/keys': must be an https"
                        + " address, or an http address of this machine");
        check(with("authentication: {jwks: {url: 'http://localhost:8080/keys'}}"));
        check(
                with("authentication: {jwks: {refresh: 1s}}"),
                "2:18: authentication.jwks.url is missing: must be the address of the key set",
                "2:34: authentication.jwks.refresh is '1s': must be a duration such as 900ms, 25s"
                        + " or 10m, 10s to 24h");
    }

    @Test
    void withoutAuthenticationItMustBeSaidAloud() throws Exception {
        Configuration open = configuration(with("authentication: {issuer: me}"));
        assertThat(open.problems())
                .singleElement()
                .asString()
                .startsWith("2:1: authentication is missing");
        GatewayFile insecure = GatewayFile.read(open.file(), Map.of(), List.of(), true);
        assertThat(insecure.settings().gateway().anonymous()).isTrue();
        assertThat(insecure.settings().authentication().anonymous()).isTrue();
        assertThat(insecure.settings().authentication().hmac()).isEqualTo(Optional.empty());
    }

    @Test
    void presenceNeedsItsTopicAndJoinLeaveNeedsFullPresence() {
        check(
                with("namespaces: {chat: {presence: counts, join-leave: true}}"),
                "3:31: namespaces.chat.presence is 'counts', but internal-topics.presence is"
                        + " missing: must be the topic in which gateways tell each other who is"
                        + " where",
                "3:51: namespaces.chat.join-leave is true: must be false, or"
                        + " namespaces.chat.presence 'full'");
        check(
                with("namespaces: {chat: {join-leave: true}}"),
                "3:33: namespaces.chat.join-leave is true: must be false, or"
                        + " namespaces.chat.presence 'full'");
    }

    @Test
    void aNamespaceKeyedByThePlayerHasNothingToSubscribeTo() {
        check(
                with("namespaces: {ask: {publish: any, key: player, subscribe: own}}"),
                "3:58: namespaces.ask.subscribe is 'own': must be 'none' where namespaces.ask.key"
                        + " is 'player', as there is no channel to subscribe to");
    }

    @Test
    void aNamespaceHasAUsableName() {
        check(
                with("namespaces: {a: {}, 'x y': {}, 'a.b': {topic: t}}"),
                "3:14: namespaces.a must have a name of two or more of A-Z a-z 0-9 - _, or the"
                        + " empty name \"\"",
                "3:21: namespaces.x y must have a name of two or more of A-Z a-z 0-9 - _, or the"
                        + " empty name \"\"",
                "3:32: namespaces.a.b must have a name of two or more of A-Z a-z 0-9 - _, or the"
                        + " empty name \"\"");
        check(
                with("namespaces: {'': {subscribe: any}}"),
                "3:14: namespaces..topic is missing: must be said, as the namespace has no name");
    }

    @Test
    void clientsNeverReachATopicOfKafkasOwnOrTheGateways() {
        check(
                with("namespaces: {__consumer_offsets: {}, who: {topic: p}, what: {topic: __x}}")
                        + "internal-topics: {presence: p, revocations: p}\n",
                "3:14: namespaces.__consumer_offsets.topic is '__consumer_offsets': must be a topic"
                        + " that clients may see: 1 to 249 of A-Z a-z 0-9 . _ -, not beginning with"
                        + " __",
                "3:51: namespaces.who.topic is 'p', as is internal-topics.presence: must be a topic"
                        + " that clients may see",
                "3:69: namespaces.what.topic is '__x': must be a topic that clients may see: 1 to"
                        + " 249 of A-Z a-z 0-9 . _ -, not beginning with __",
                "4:45: internal-topics.revocations is 'p', as is internal-topics.presence: must be"
                        + " a topic of its own");
    }

    @Test
    void aSchemaMustBeJson() throws Exception {
        Files.writeString(folder.resolve("broken.json"), "{\n  \"type\":\n}");
        Files.writeString(folder.resolve("list.json"), "[1]");
        Files.writeString(folder.resolve("empty.json"), "");
        check(
                with("namespaces: {aa: {schema-file: broken.json}, bb: {schema-file: list.json},")
                        + "  cc: {schema-file: empty.json}}\n",
                "3:32: namespaces.aa.schema-file names a file that is not JSON, from its line 3 on",
                "3:64: namespaces.bb.schema-file names a file that is no JSON Schema",
                "4:21: namespaces.cc.schema-file names a file that is no JSON Schema");
    }

    @Test
    void boundsThatDependOnOneAnotherHold() {
        checkWith(
                """
                backpressure: {low-bytes: 64 KiB}
                timing: {ping: 5s}
                limits: {frame-bytes: 2 KiB, publish-bytes: 4 KiB}
                """,
                "4:1: backpressure.high-bytes is 64 KiB: must be more than backpressure.low-bytes"
                        + " 64 KiB",
                "5:1: timing.pong is 10s: must be less than timing.ping 5s",
                "6:45: limits.publish-bytes is 4 KiB: must be at most limits.frame-bytes 2 KiB, as"
                        + " it comes in a frame");
    }

    /// Where a bound depends on a value that is refused itself, nothing can be said.
    @Test
    void aRefusedValueIsNotSpokenOfTwice() {
        checkWith(
                "timing: {ping: fast, pong: 23h}",
                "4:16: timing.ping is 'fast': must be a duration such as 900ms, 25s or 10m, 1s to"
                        + " 24h");
        check(
                with("namespaces: {chat: {presence: all, join-leave: true}}"),
                "3:31: namespaces.chat.presence is 'all': must be none or counts or full");
    }

    // --- what comes before the file -------------------------------------------------------------

    @Test
    void aVariableComesBeforeTheFileAndAnOptionBeforeBoth() throws Exception {
        Configuration configuration =
                configuration(Configuration.REQUIRED + "listen: {port: 1, host: a}\n");
        Map<String, String> environment =
                Map.of(
                        "GRANDSTAND_LISTEN_PORT", "2",
                        "GRANDSTAND_LISTEN_HOST", "b",
                        "GRANDSTAND_LISTEN_ALLOWED_ORIGINS", "https://a.example, https://b.example",
                        "GRANDSTAND_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
                        "GRANDSTAND_KAFKA_SECURITY_PROTOCOL", "SSL",
                        "GRANDSTAND_NAMESPACES_PRICES_TOPIC", "prices.v2",
                        "GRANDSTAND_JAVA_OPTS", "-Xmx1g",
                        "PATH", "/bin");
        GatewaySettings settings =
                configuration.read(environment, Setting.option("--port", Keys.PORT, "3"));
        assertThat(settings.gateway().listen())
                .isEqualTo(new Listen("b", 3, Set.of("https://a.example", "https://b.example")));
        assertThat(settings.kafka())
                .isEqualTo(Map.of("bootstrap.servers", "kafka:9092", "security.protocol", "SSL"));
        assertThat(settings.gateway().namespaces().getFirst().topic()).isEqualTo("prices.v2");
    }

    @Test
    void aVariableMayGiveWhatTheFileLeavesOut() throws Exception {
        Configuration configuration = configuration("namespaces: {prices: }");
        GatewaySettings settings =
                configuration.read(
                        Map.of(
                                "GRANDSTAND_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
                                "GRANDSTAND_AUTHENTICATION_HMAC_SECRET",
                                        "0123456789abcdef0123456789abcdef"));
        assertThat(settings.authentication().hmac()).isPresent();
    }

    @Test
    void aVariableWithAProblemIsNamed() {
        Map<String, String> environment =
                Map.of(
                        "GRANDSTAND_LISTEN_PORT", "many",
                        "GRANDSTAND_LISTEN_PROT", "1",
                        "GRANDSTAND_NAMESPACES_PRICE_TOPIC", "t",
                        "GRANDSTAND_KAFKA_SSL_TRUSTSTORE", "x",
                        "GRANDSTAND_AUTHENTICATION_HMAC_PREVIOUS_SECRETS", "");
        assertThat(configuration(Configuration.REQUIRED).problems(environment))
                .containsExactly(
                        "GRANDSTAND_KAFKA_SSL_TRUSTSTORE: there is no such setting; did you mean"
                                + " GRANDSTAND_KAFKA_SSL_TRUSTSTORE_TYPE?",
                        "GRANDSTAND_LISTEN_PORT: listen.port is 'many': must be a whole number, 0"
                                + " to 65535",
                        "GRANDSTAND_LISTEN_PROT: there is no such setting; did you mean"
                                + " GRANDSTAND_LISTEN_PORT?",
                        "GRANDSTAND_NAMESPACES_PRICE_TOPIC: there is no such setting; did you mean"
                                + " GRANDSTAND_NAMESPACES_PRICES_TOPIC?");
    }

    @Test
    void aVariableThatStandsForTwoNamespacesIsRefused() {
        Configuration configuration =
                configuration(with("namespaces: {a-b: {topic: x}, A_b: {topic: y}}"));
        assertThat(configuration.problems(Map.of("GRANDSTAND_NAMESPACES_A_B_TOPIC", "t")))
                .containsExactly(
                        "GRANDSTAND_NAMESPACES_A_B_TOPIC: stands for namespaces.a-b.topic as well"
                                + " as for namespaces.A_b.topic: set them in the file");
    }

    /// The required sections, one of which the test writes itself.
    private static String with(String section) {
        String name = section.substring(0, section.indexOf(':'));
        return Configuration.REQUIRED.replaceFirst("(?m)^" + name + ":.*$", section);
    }

    private void checkWith(String more, String... problems) {
        check(Configuration.REQUIRED + more, problems);
    }

    private void check(String yaml, String... problems) {
        assertThat(configuration(yaml).problems()).containsExactly(problems);
    }

    private Configuration configuration(String yaml) {
        return Configuration.in(folder, yaml);
    }
}
