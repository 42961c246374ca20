package io.grandstand.cli;

import io.grandstand.events.Json;
import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Topic;
import io.grandstand.events.Topics;
import io.grandstand.gateway.auth.TokenIssuer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Makes anonymous players: an id, a token and a name on the boards. Thread-safe.
final class Players implements AutoCloseable {
    /// A token is good for a week: longer than any match, short enough to be forgotten.
    private static final Duration TOKEN_LIFE = Duration.ofDays(7);

    private static final String ID_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    /// 31^16 ids: no two of millions of players meet.
    private static final int ID_LENGTH = 16;

    private final SecureRandom random = new SecureRandom();
    private final TokenIssuer tokens;
    private final InstantSource clock;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

    Players(Map<String, Object> kafka, TokenIssuer tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 4000);
        producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// A player and the token that proves it.
    record Session(String player, String token) {}

    /// A new player of that name; done once the name is durable.
    ///
    /// @throws IllegalArgumentException if the name cannot be shown
    CompletionStage<Session> join(String name) {
        String player = newId();
        return name(player, name).thenApply(_ -> session(player));
    }

    /// A player's session, without a name.
    Session session(String player) {
        return new Session(player, tokens.connection(player, clock.instant().plus(TOKEN_LIFE)));
    }

    /// Gives a player a name; done once it is durable.
    ///
    /// @throws IllegalArgumentException if the name cannot be shown
    CompletionStage<String> name(String player, String name) {
        var profile = new PlayerProfile(player, name.strip());
        var message =
                new ProducerRecord<>(Topics.PLAYER.name(), Topic.key(player), Json.write(profile));
        // The producer may wait for metadata, and callers are event loops.
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        producer.send(message).get();
                        return player;
                    } catch (ExecutionException | InterruptedException | KafkaException e) {
                        throw new CompletionException(e);
                    }
                },
                writers);
    }

    @Override
    public void close() {
        writers.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }

    private String newId() {
        var id = new StringBuilder("p-");
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
        }
        return id.toString();
    }
}
