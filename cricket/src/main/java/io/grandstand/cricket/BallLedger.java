package io.grandstand.cricket;

import io.grandstand.cricket.FeedMessage.Incident;
import io.grandstand.cricket.FeedMessage.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The deliveries of one innings as a live feed has told them so far.
///
/// The feed repeats its last few deliveries in each message, corrects them in place, and after an
/// outage stamps all of them with a new time, so neither time nor ball number names a delivery for
/// good. Each list is therefore laid along what is known: deliveries that agree in time or in ball
/// number are anchors, and what stands between two anchors, or behind the last, is the same
/// delivery told differently.
///
/// ```
///   known  2.6   3.1 wide  3.1 dot
///            │      │ time     │ place
///   list   2.6   3.1 l-bye 3.2 dot  3.3 four      → 2 corrected, 1 new
/// ```
final class BallLedger {
    /// Messages show four deliveries, so what is further back is settled.
    private static final int TAIL = 12;

    // How much speaks for two tellings being of the same delivery.
    private static final int SAME_TIME = 8;
    private static final int SAME_BALL = 4;
    private static final int SAME_STORY = 2;
    private static final int SAME_LEGALITY = 1;

    private final List<Known> known = new ArrayList<>();

    /// A delivery and the latest the feed has told of it.
    ///
    /// Late ones turned up between two that were known: they are remembered, but nothing is told of
    /// them, for the balls after them are out already.
    static final class Known {
        private final boolean late;
        private Incident incident;
        int seq;
        int version = 1;
        int question;
        int ball;

        private Known(Incident incident, boolean late) {
            this.incident = incident;
            this.late = late;
        }

        Incident incident() {
            return incident;
        }
    }

    /// What a list has told that was not known.
    sealed interface Change {
        /// A delivery that has not been heard of.
        record Added(Known ball) implements Change {}

        /// A delivery told differently from before.
        record Corrected(Known ball) implements Change {}

        /// A delivery that the feed has struck out between two others.
        record Removed(Known ball) implements Change {}
    }

    /// Lays a list, oldest first, along what is known and takes over what is new in it.
    List<Change> reconcile(List<Incident> list) {
        var tail = new ArrayList<>(known.subList(Math.max(0, known.size() - TAIL), known.size()));
        var match = anchors(tail, list);
        pairBetweenAnchors(tail, list, match);
        var changes = new ArrayList<Change>();
        remove(tail, list, match, changes);
        for (int j = 0; j < list.size(); j++) {
            var told = list.get(j);
            if (match[j] >= 0) {
                correct(tail.get(match[j]), told, changes);
            } else {
                add(tail, match, j, told, changes);
            }
        }
        return changes;
    }

    /// The deliveries as they stand, oldest first, at most this many of the latest.
    List<Incident> latest(int max) {
        var told = known.stream().filter(ball -> !ball.late).map(Known::incident).toList();
        return told.subList(Math.max(0, told.size() - max), told.size());
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    /// For each of the list, the index in the tail of the same delivery, or -1: the best alignment
    /// that keeps the order of both, by dynamic programming.
    private static int[] anchors(List<Known> tail, List<Incident> list) {
        int n = tail.size();
        int m = list.size();
        var best = new int[n + 1][m + 1];
        for (int i = n - 1; i >= 0; i--) {
            for (int j = m - 1; j >= 0; j--) {
                int pair = likeness(tail.get(i).incident, list.get(j));
                best[i][j] = Math.max(best[i + 1][j], best[i][j + 1]);
                if (pair > 0) {
                    best[i][j] = Math.max(best[i][j], pair + best[i + 1][j + 1]);
                }
            }
        }
        var match = new int[m];
        Arrays.fill(match, -1);
        int i = 0;
        int j = 0;
        while (i < n && j < m) {
            int pair = likeness(tail.get(i).incident, list.get(j));
            if (pair > 0 && best[i][j] == pair + best[i + 1][j + 1]) {
                match[j] = i;
                i++;
                j++;
            } else if (best[i][j] == best[i + 1][j]) {
                i++;
            } else {
                j++;
            }
        }
        return match;
    }

    /// How alike two tellings are; 0 where nothing ties them together.
    private static int likeness(Incident a, Incident b) {
        int ties =
                (a.time() == b.time() ? SAME_TIME : 0)
                        + (a.overs().equals(b.overs()) ? SAME_BALL : 0);
        if (ties == 0) {
            return 0;
        }
        // A ball number can stand twice, for a wide and for the legal ball after it.
        return ties
                + (a.kind() == b.kind() && a.value() == b.value() ? SAME_STORY : 0)
                + (a.isLegal() == b.isLegal() ? SAME_LEGALITY : 0);
    }

    /// Behind an anchor, whatever is unmatched on both sides is matched in order. Before the first
    /// anchor the list's window just begins.
    private static void pairBetweenAnchors(List<Known> tail, List<Incident> list, int[] match) {
        for (int j = 1; j < list.size(); j++) {
            if (match[j] < 0 && match[j - 1] >= 0) {
                int next = match[j - 1] + 1;
                if (next < tail.size() && Arrays.stream(match).noneMatch(i -> i == next)) {
                    match[j] = next;
                }
            }
        }
    }

    /// What lies between two matched deliveries and is not in the list was struck out. What lies
    /// behind the last one is only in doubt: during a review the feed hides the latest delivery.
    private void remove(List<Known> tail, List<Incident> list, int[] match, List<Change> changes) {
        int previous = -1;
        for (int j = 0; j < list.size(); j++) {
            if (match[j] >= 0) {
                for (int i = previous + 1; previous >= 0 && i < match[j]; i++) {
                    var gone = tail.get(i);
                    known.remove(gone);
                    if (!gone.late) {
                        changes.add(new Change.Removed(gone));
                    }
                }
                previous = match[j];
            }
        }
    }

    private void correct(Known ball, Incident told, List<Change> changes) {
        var before = ball.incident;
        // Runs beside a wicket are an incident of their own, which scrolls out of the list first.
        boolean shortened =
                told.kind() == Kind.OUT && before.kind() == Kind.OUT && told.value() == 0;
        var now =
                new Incident(
                        told.overs(),
                        told.kind(),
                        shortened ? before.value() : told.value(),
                        told.time(),
                        told.player() == null ? before.player() : told.player());
        ball.incident = now;
        if (!before.saysTheSame(now) && !ball.late) {
            ball.version++;
            ball.ball = numberInOver(ball);
            changes.add(new Change.Corrected(ball));
        }
    }

    private void add(List<Known> tail, int[] match, int j, Incident told, List<Change> changes) {
        int after = -1;
        for (int later = j + 1; later < match.length && after < 0; later++) {
            after = match[later];
        }
        if (after >= 0) {
            // Known balls follow it. Before the first anchor it has merely scrolled out of the
            // tail.
            boolean insideWindow = Arrays.stream(match, 0, j).anyMatch(i -> i >= 0);
            if (insideWindow) {
                known.add(known.indexOf(tail.get(after)), new Known(told, true));
            }
            return;
        }
        var ball = new Known(told, false);
        known.add(ball);
        ball.ball = numberInOver(ball);
        changes.add(new Change.Added(ball));
    }

    private int numberInOver(Known ball) {
        int over = ball.incident.over();
        int number = 0;
        for (Known each : known) {
            number += each.incident.over() == over ? 1 : 0;
            if (each == ball) {
                break;
            }
        }
        return Math.max(1, number);
    }
}
