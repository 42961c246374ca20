package io.grandstand.cli;

import io.grandstand.events.AnswerTimes;
import io.grandstand.events.Topics;
import io.grandstand.events.Votes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How questions are being answered, as a host watches it: votes, and answer times by delay class.
/// Reads are thread-safe.
final class AnswerFigures implements HostApi.Figures, AutoCloseable {
    /// Questions whose votes are remembered; those that changed longest ago are forgotten first.
    static final int QUESTIONS_MAX = 200;

    /// Matches whose answer times are remembered, likewise.
    static final int MATCHES_MAX = 20;

    private final Map<String, Votes> votes = new LinkedHashMap<>();
    private final Map<String, AnswerTimes> times = new LinkedHashMap<>();
    private final TopicFollower<Votes> voteFollower;
    private final TopicFollower<AnswerTimes> timeFollower;

    /// Reads what there is before it returns, then goes on reading.
    AnswerFigures(Map<String, Object> kafka) {
        voteFollower =
                new TopicFollower<>(
                        kafka,
                        Topics.VOTES,
                        (_, each) -> {
                            if (each != null) {
                                note(
                                        votes,
                                        each.match() + "\0" + each.question(),
                                        each,
                                        QUESTIONS_MAX);
                            }
                        });
        timeFollower =
                new TopicFollower<>(
                        kafka,
                        Topics.ANSWER_TIMES,
                        (_, each) -> {
                            if (each != null) {
                                note(times, each.match(), each, MATCHES_MAX);
                            }
                        });
    }

    @Override
    public List<Votes> votes() {
        synchronized (votes) {
            return List.copyOf(votes.values());
        }
    }

    @Override
    public List<AnswerTimes> answerTimes() {
        synchronized (times) {
            return List.copyOf(times.values());
        }
    }

    @Override
    public void close() {
        voteFollower.close();
        timeFollower.close();
    }

    private static <V> void note(Map<String, V> newest, String key, V value, int max) {
        synchronized (newest) {
            newest.remove(key);
            newest.put(key, value);
            if (newest.size() > max) {
                newest.remove(newest.keySet().iterator().next());
            }
        }
    }
}
