package io.grandstand.leaderboard;

import java.util.HashMap;
import java.util.Map;

/// How often each player may ask: so many requests in each second of the clock. It is forgotten
/// every second, so it costs a number for each player who asked in this one. Confined to a thread.
final class Allowance {
    /// Players whose requests are counted; with more askers in a second, the rest are not held to
    /// their rate, for it is the machine then that is short and not the asker who is greedy.
    private static final int PLAYERS_MAX = 100_000;

    private final int perSecond;
    private final Map<String, Integer> asked = new HashMap<>();
    private long second;

    /// What becomes of a request.
    enum Verdict {
        GRANTED,
        /// The first request of this second that is too many: the asker should hear of it.
        REFUSED,
        /// One more of those, which is ignored.
        IGNORED
    }

    Allowance(int perSecond) {
        this.perSecond = perSecond;
    }

    Verdict ask(String player, long nowMs) {
        long now = Math.floorDiv(nowMs, 1_000);
        if (now != second) {
            second = now;
            asked.clear();
        }
        Integer before = asked.get(player);
        if (before == null && asked.size() >= PLAYERS_MAX) {
            return Verdict.GRANTED;
        }
        int count = before == null ? 1 : Math.min(before + 1, perSecond + 2);
        asked.put(player, count);
        if (count <= perSecond) {
            return Verdict.GRANTED;
        }
        return count == perSecond + 1 ? Verdict.REFUSED : Verdict.IGNORED;
    }
}
