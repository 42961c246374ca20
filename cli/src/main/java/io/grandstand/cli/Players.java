package io.grandstand.cli;

import io.grandstand.events.PlayerProfile;
import io.grandstand.events.Topics;
import io.grandstand.gateway.auth.TokenIssuer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/// Makes anonymous players: an id, a token and a name on the boards. Thread-safe.
final class Players {
    /// A token is good for a week: longer than any match, short enough to be forgotten.
    private static final Duration TOKEN_LIFE = Duration.ofDays(7);

    private static final String ID_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    /// 31^16 ids: no two of millions of players meet.
    private static final int ID_LENGTH = 16;

    private final SecureRandom random = new SecureRandom();
    private final TokenIssuer tokens;
    private final InstantSource clock;
    private final RecordWriter records;

    Players(RecordWriter records, TokenIssuer tokens, InstantSource clock) {
        this.records = records;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// A player and the token that proves it.
    record Session(String player, String token) {}

    /// A new player of that name; done once the name is durable.
    ///
    /// @throws IllegalArgumentException if the name cannot be shown
    CompletionStage<Session> join(String name) {
        String player = newId();
        return show(new PlayerProfile(player, name.strip())).thenApply(_ -> session(player));
    }

    /// A player's session, without a name.
    Session session(String player) {
        return new Session(player, tokens.connection(player, clock.instant().plus(TOKEN_LIFE)));
    }

    /// Says what boards show for a player from now on; done once it is durable.
    CompletionStage<Void> show(PlayerProfile profile) {
        return records.write(Topics.PLAYER, profile.player(), profile);
    }

    private String newId() {
        var id = new StringBuilder("p-");
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
        }
        return id.toString();
    }
}
