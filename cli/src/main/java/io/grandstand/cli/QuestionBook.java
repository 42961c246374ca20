package io.grandstand.cli;

import io.grandstand.events.Question;
import io.grandstand.events.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Every question as it stands, drafts included, followed on a thread of its own. Reads are
/// thread-safe.
final class QuestionBook implements HostApi.Questions, AutoCloseable {
    /// Questions remembered; those that changed longest ago are forgotten first.
    static final int QUESTIONS_MAX = 10_000;

    /// In the order in which they changed. Guarded by itself.
    private final Map<String, Question> newest = new LinkedHashMap<>();

    private final TopicFollower<Question> rulings;

    /// Reads what there is before it returns, then goes on reading.
    QuestionBook(Map<String, Object> kafka) {
        rulings = new TopicFollower<>(kafka, Topics.RULING, (_, question) -> note(question));
    }

    @Override
    public @Nullable Question find(String match, String question) {
        synchronized (newest) {
            return newest.get(key(match, question));
        }
    }

    @Override
    public List<Question> latestFirst(int max) {
        synchronized (newest) {
            var all = new ArrayList<>(newest.values()).reversed();
            return List.copyOf(all.subList(0, Math.min(max, all.size())));
        }
    }

    @Override
    public void close() {
        rulings.close();
    }

    private void note(@Nullable Question question) {
        if (question == null) {
            return;
        }
        synchronized (newest) {
            String key = key(question.match(), question.id());
            Question before = newest.get(key);
            if (before == null || before.version() < question.version()) {
                newest.remove(key);
                newest.put(key, question);
            }
            if (newest.size() > QUESTIONS_MAX) {
                newest.remove(newest.keySet().iterator().next());
            }
        }
    }

    private static String key(String match, String question) {
        return match + "\0" + question;
    }
}
