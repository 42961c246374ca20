package io.grandstand.cli.gateway;

import io.grandstand.cli.StartException;
import io.grandstand.cli.Version;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.GatewayConfig;
import io.grandstand.gateway.HttpRoute;
import io.grandstand.gateway.auth.TokenConfig;
import io.grandstand.gateway.auth.TokenVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// A gateway before a Kafka cluster that is somebody else's: the composition root.
final class GatewayProgram {
    /// How long the cluster may take to tell of its topics.
    private static final Duration CLUSTER_TIMEOUT = Duration.ofSeconds(15);

    /// What closing takes at most besides telling clients to move.
    private static final Duration CLOSE_MAX = Duration.ofSeconds(15);

    private GatewayProgram() {}

    /// Runs the gateway of a configuration until it is told to end; returns the exit code.
    static int run(GatewayFile file, PrintWriter out) throws StartException, InterruptedException {
        GatewaySettings settings = file.settings();
        try (var lifetime = lifetime(settings)) {
            prepareTopics(file, out);
            return serve(settings, List.of(), _ -> {}, out, lifetime);
        }
    }

    /// Serves until the lifetime ends; returns the exit code.
    ///
    /// @param routes HTTP endpoints beside the protocol's
    /// @param started told of the gateway once it serves
    static int serve(
            GatewaySettings settings,
            List<HttpRoute> routes,
            Consumer<Gateway> started,
            PrintWriter out,
            Lifetime lifetime)
            throws StartException, InterruptedException {
        try (TokenVerifier tokens =
                        tokenVerifier(settings.authentication(), InstantSource.system());
                Gateway gateway = start(settings, tokens, routes)) {
            started.accept(gateway);
            out.println(ready(settings, gateway.port()));
            out.flush();
            return lifetime.await();
        }
    }

    /// The lifetime of a program that runs a gateway with these settings.
    static Lifetime lifetime(GatewaySettings settings) {
        return Lifetime.begin(settings.gateway().timing().drain().plus(CLOSE_MAX));
    }

    private static void prepareTopics(GatewayFile file, PrintWriter out)
            throws StartException, InterruptedException {
        GatewaySettings settings = file.settings();
        switch (ClusterTopics.look(file, CLUSTER_TIMEOUT)) {
            case ClusterTopics.NotReached(String why) ->
                    throw new StartException(
                            "Kafka at %s is not reached (%s): check the address, that the cluster"
                                            .formatted(settings.bootstrapServers(), why)
                                    + " runs, and that the addresses it advertises can be reached"
                                    + " from here");
            case ClusterTopics.Seen(List<Problem> missing, List<Problem> unsuited) -> {
                if (!missing.isEmpty()) {
                    throw new StartException(Report.problems(missing));
                }
                unsuited.forEach(problem -> out.println("Note: " + problem));
            }
        }
        if (settings.creation().enabled()) {
            ClusterTopics.create(
                    settings.kafka(), ClusterTopics.internal(settings), CLUSTER_TIMEOUT);
        }
    }

    private static Gateway start(
            GatewaySettings settings, TokenVerifier tokens, List<HttpRoute> routes)
            throws StartException, InterruptedException {
        var clock = InstantSource.system();
        var surroundings =
                new Gateway.Surroundings(
                        settings.kafka(),
                        tokens,
                        routes,
                        null,
                        clock,
                        new SplittableRandom(),
                        Version.current());
        try {
            return Gateway.start(settings.gateway(), surroundings);
        } catch (IOException e) {
            throw new StartException(e);
        }
    }

    /// What checks the tokens of clients, as `authentication` says. Without a secret no token is
    /// good: one that nobody knows stands for it.
    static TokenVerifier tokenVerifier(Authentication authentication, InstantSource clock) {
        var secrets = new ArrayList<byte[]>();
        authentication
                .hmac()
                .ifPresent(hmac -> {
                    secrets.add(hmac.secret());
                    secrets.addAll(hmac.previous());
                });
        if (secrets.isEmpty() && authentication.jwks().isEmpty()) {
            secrets.add(new SecureRandom().generateSeed(TokenConfig.SECRET_BYTES_MIN));
        }
        return new TokenVerifier(
                new TokenConfig(
                        secrets,
                        authentication
                                .jwks()
                                .map(keys ->
                                        new TokenConfig.KeySetSource(keys.url(), keys.refresh()))
                                .orElse(null),
                        authentication.issuer().orElse(null),
                        authentication.audience().orElse(null)),
                clock);
    }

    private static String ready(GatewaySettings settings, int port) {
        GatewayConfig.Listen listen = settings.gateway().listen();
        boolean everywhere = listen.host().equals("0.0.0.0") || listen.host().equals("::");
        return "Grandstand gateway %s is ready: %s://%s:%d/connection/websocket%s, %s, Kafka at %s"
                .formatted(
                        Version.current(),
                        listen.tls() == null ? "ws" : "wss",
                        everywhere ? "localhost" : listen.host(),
                        port,
                        everywhere ? " and every other address of this machine" : "",
                        Report.count(settings.gateway().namespaces().size(), "namespace"),
                        settings.bootstrapServers());
    }
}
