package io.grandstand.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.events.TopRequest.Kind;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The bounds of what boards are asked and told.
class BoardRecordsTest {
    @Test
    void aRequestHasDefaults() {
        var request = new TopRequest("m");
        assertThat(request.wanted()).isEqualTo(Kind.TOP);
        assertThat(request.radius()).isEqualTo(5);
        assertThat(request.skip()).isZero();
        assertThat(request.rows()).isEqualTo(20);
    }

    @Test
    void aRequestOutOfBoundsIsRefused() {
        refused("k is 51: must be 1 to 50", Kind.AROUND, 51, null, null, null, null);
        refused("k is 0: must be 1 to 50", Kind.AROUND, 0, null, null, null, null);
        refused("offset is -1: must be 0 to 1000000000000", Kind.PAGE, null, -1L, null, null, null);
        refused("size is 101: must be 1 to 100", Kind.PAGE, null, null, 101, null, null);
        refused("players are missing", Kind.FRIENDS, null, null, null, null, null);
        refused(
                "number of players is 501: must be 1 to 500",
                Kind.FRIENDS,
                null,
                null,
                null,
                ids(501),
                null);
        refused("a player stands twice", Kind.FRIENDS, null, null, null, List.of("a", "a"), null);
        refused("league is missing", Kind.LEAGUE, null, null, null, null, null);
    }

    @Test
    void aSeasonsBoardFitsTheLongestSeason() {
        String season = "s".repeat(64);
        assertThat(new Points("m", "q", 1, 0, 0, season).season()).isEqualTo(season);
        assertThat(new TopRequest("season." + season).board()).hasSize(71);
        assertThatThrownBy(() -> new TopRequest("season." + season + "s"))
                .hasMessageContaining("must be 1 to 71 characters");
    }

    @Test
    void aLeagueHasUpToTenThousandMembers() {
        assertThat(new League("l", ids(10_000)).members()).hasSize(10_000);
        assertThatThrownBy(() -> new League("l", ids(10_001)))
                .hasMessage("number of members is 10001: must be 1 to 10000");
        assertThatThrownBy(() -> new League("l", List.of()))
                .hasMessage("number of members is 0: must be 1 to 10000");
        assertThatThrownBy(() -> new League("l", List.of("a", "a")))
                .hasMessage("a member stands twice");
        List<String> long10k = ids(10_000).stream().map(id -> id + "x".repeat(100)).toList();
        assertThatThrownBy(() -> new League("l", long10k))
                .hasMessageContaining("length of all members' ids");
    }

    @Test
    void aCountryIsOneOfIso3166() {
        assertThat(new PlayerProfile("a", "Asha", "IN").country()).isEqualTo("IN");
        for (String country : List.of("in", "XX", "IND", "")) {
            assertThatThrownBy(() -> new PlayerProfile("a", "Asha", country))
                    .hasMessage(
                            "country is '%s': must be a country's two letters in ISO 3166"
                                    .formatted(country));
        }
    }

    private static void refused(
            String message,
            Kind kind,
            @Nullable Integer k,
            @Nullable Long offset,
            @Nullable Integer size,
            @Nullable List<String> players,
            @Nullable String league) {
        assertThatThrownBy(() -> new TopRequest("m", kind, null, k, offset, size, players, league))
                .hasMessage(message);
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i).toList();
    }
}
