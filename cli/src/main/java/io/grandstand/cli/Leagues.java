package io.grandstand.cli;

import io.grandstand.events.League;
import io.grandstand.events.Topics;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Leagues that players make among themselves: whoever knows a league's code may join. Thread-safe.
///
/// A league is one record with all its members, so changes are made one after the other, and by one
/// process alone.
final class Leagues implements AutoCloseable {
    /// Leagues that a player may be in.
    static final int LEAGUES_MAX = 20;

    private static final String CODE_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    /// 31^10 codes: nobody comes upon one by trying.
    private static final int CODE_LENGTH = 10;

    private final RecordWriter records;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, League> leagues = new ConcurrentHashMap<>();
    private final TopicFollower<League> follower;

    /// The last change; the next one waits for it. Guarded by this.
    private CompletionStage<?> last = CompletableFuture.completedStage(null);

    /// What became of a change.
    enum Outcome {
        DONE,
        /// There is no such league.
        UNKNOWN,
        /// The league has as many members as there may be.
        FULL,
        /// The player is in as many leagues as there may be.
        TOO_MANY
    }

    /// A league's code, and what became of the change; the code is empty where nothing changed.
    record Change(Outcome outcome, String league) {}

    /// Reads what there is before it returns, then goes on reading.
    Leagues(Map<String, Object> kafka, RecordWriter records) {
        this.records = records;
        follower = new TopicFollower<>(kafka, Topics.LEAGUE, this::note);
    }

    /// The leagues that a player is in, by code.
    List<String> of(String player) {
        return leagues.values().stream()
                .filter(league -> league.members().contains(player))
                .map(League::league)
                .sorted()
                .toList();
    }

    /// Makes a league with this member; done once it is durable.
    CompletionStage<Change> create(String player) {
        return next(() -> add(new League(newCode(), List.of(player)), player));
    }

    /// Adds a member; done once that is durable. Who is a member already stays one.
    CompletionStage<Change> join(String code, String player) {
        return next(() -> {
            League league = leagues.get(code);
            if (league == null) {
                return refused(Outcome.UNKNOWN);
            }
            if (league.members().contains(player)) {
                return CompletableFuture.completedStage(new Change(Outcome.DONE, code));
            }
            if (league.members().size() >= League.MEMBERS_MAX) {
                return refused(Outcome.FULL);
            }
            var members = new ArrayList<>(league.members());
            members.add(player);
            return add(new League(code, members), player);
        });
    }

    @Override
    public void close() {
        follower.close();
    }

    private CompletionStage<Change> add(League league, String player) {
        return of(player).size() >= LEAGUES_MAX
                ? refused(Outcome.TOO_MANY)
                : records.write(Topics.LEAGUE, league.league(), league)
                        .thenApply(_ -> {
                            leagues.put(league.league(), league);
                            return new Change(Outcome.DONE, league.league());
                        });
    }

    private synchronized CompletionStage<Change> next(Supplier<CompletionStage<Change>> change) {
        CompletionStage<Change> result = last.handle((_, _) -> change).thenCompose(Supplier::get);
        last = result;
        return result;
    }

    private void note(@Nullable String code, @Nullable League league) {
        if (league != null) {
            leagues.put(league.league(), league);
        } else if (code != null) {
            leagues.remove(code);
        }
    }

    private static CompletionStage<Change> refused(Outcome outcome) {
        return CompletableFuture.completedStage(new Change(outcome, ""));
    }

    private String newCode() {
        var code = new StringBuilder();
        for (int i = 0; i < CODE_LENGTH; i++) {
            code.append(CODE_CHARACTERS.charAt(random.nextInt(CODE_CHARACTERS.length())));
        }
        return code.toString();
    }
}
