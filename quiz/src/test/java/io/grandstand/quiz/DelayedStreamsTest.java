package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.events.MediaClock;
import io.grandstand.events.QuestionCommand.Ask;
import io.grandstand.events.QuestionCommand.Lock;
import io.grandstand.events.QuestionCommand.Resolve;
import io.grandstand.events.Result.Receipt;
import io.grandstand.events.Result.Status;
import io.grandstand.events.Terms;
import io.grandstand.events.Terms.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Simulated viewers whose streams are late, on devices whose clocks are wrong, as docs/messages.md
/// says that clients do it: each reckons the server's time from samples of it, and its delay from
/// the media clock and the position its player shows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DelayedStreamsTest {
    private static final long HOUR_MS = 3_600_000;

    /// The source stood at a minute at this server time, when the question opens.
    private static final MediaClock CLOCK = new MediaClock("m", 60_000, 10_000_000);

    private static final long OPENS = 10_000_000;
    private static final long CUE_MS = 60_000;
    private static final long WINDOW_MS = 10_000;
    private static final int CAP_MS = 15_000;

    private final SplittableRandom random = new SplittableRandom(1);
    private QuizDriver quiz;
    private int tests;

    @SuppressWarnings("NullAway.Init") // Before all tests comes start.
    DelayedStreamsTest() {}

    @BeforeAll
    void start(@TempDir Path stateDir) {
        quiz = new QuizDriver(stateDir);
    }

    @AfterAll
    void stop() {
        quiz.close();
    }

    /// DOMAIN 2.1
    @Test
    void eachViewerSeesTheQuestionWithinHalfASecondOfItsCue() {
        for (Viewer viewer : viewers(0)) {
            assertThat(viewer.shownAt() - (OPENS + viewer.delayMs))
                    .as("viewer %d ms behind", viewer.delayMs)
                    .isBetween(-500L, 500L);
            assertThat(viewer.reckonedDelayMs() - viewer.delayMs)
                    .as("delay as reckoned by a viewer %d ms behind", viewer.delayMs)
                    .isBetween(-150L, 150L);
        }
    }

    /// DOMAIN 2: everyone whose delay is believed has the full time after seeing the question.
    @Test
    void viewersWithinTheCapHaveTheFullTimeAndThoseBeyondItHaveLess() {
        String match = ask(Policy.LATER);
        for (Viewer viewer : viewers(0)) {
            viewer.answer(match, viewer.shownAt() + WINDOW_MS - 600);
        }
        assertThat(accepted()).containsExactly("15000", "5000");
        match = ask(Policy.LATER);
        for (Viewer viewer : viewers(0)) {
            viewer.answer(match, OPENS + CAP_MS + WINDOW_MS - 600);
        }
        assertThat(accepted()).containsExactly("15000", "30000", "60000");
    }

    /// DOMAIN 2.2
    @Test
    void nobodyIsAcceptedAfterTheBallHowLateTheStreamMayBe() {
        String match = ask(Policy.LOCK);
        long ball = OPENS + WINDOW_MS + 8_000;
        for (Viewer viewer : viewers(0)) {
            viewer.answer(match, ball - 1);
            viewer.again().answer(match, ball + 1);
        }
        quiz.command(new Lock(match, "q", ball));
        quiz.command(new Resolve(match, "q", "six", ball));
        for (Viewer viewer : viewers(0)) {
            viewer.again().again().answer(match, ball + 1);
        }
        assertThat(finallyAccepted()).containsExactly("15000", "30000", "60000");
    }

    /// DOMAIN 2.3
    @Test
    void whoLiesAboutTheDelayGainsNoAnswerAfterTheBall() {
        for (long claim : List.of((long) CAP_MS, 600_000L, Long.MAX_VALUE, -1L, Long.MIN_VALUE)) {
            String match = ask(Policy.LOCK);
            long ball = OPENS + 4_000;
            for (long at :
                    List.of(ball + 1, ball + 500, OPENS + WINDOW_MS, OPENS + CAP_MS + WINDOW_MS)) {
                quiz.answerBehind("liar " + at, match, "q", "six", at, claim);
            }
            quiz.command(new Lock(match, "q", ball));
            quiz.command(new Resolve(match, "q", "six", ball));
            quiz.answerBehind("liar after", match, "q", "six", ball + 1, claim);
            assertThat(finallyAccepted()).as("claim %d", claim).isEmpty();
            assertThat(quiz.points()).as("claim %d", claim).isEmpty();
        }
    }

    /// DOMAIN 2.5
    @Test
    void aDeviceClockThatIsAnHourWrongChangesNothing() {
        var statuses = new ArrayList<List<String>>();
        for (long wrongMs : List.of(0L, HOUR_MS, -HOUR_MS)) {
            String match = ask(Policy.LOCK);
            for (Viewer viewer : viewers(wrongMs)) {
                viewer.answer(match, viewer.shownAt() + WINDOW_MS - 600);
            }
            statuses.add(
                    quiz.results().stream()
                            .map(result -> result.key() + " " + ((Receipt) result.value()).status())
                            .toList());
        }
        assertThat(statuses.getFirst()).hasSize(4);
        assertThat(statuses).containsOnly(statuses.getFirst());
    }

    /// A viewer without video, or one who goes back in the video, claims nothing that helps.
    @Test
    void aPlayerThatJumpsBackOrStandsStillIsBelievedUpToTheCap() {
        String match = ask(Policy.LATER);
        quiz.answerBehind("paused", match, "q", "six", OPENS + WINDOW_MS + CAP_MS, 2 * HOUR_MS);
        quiz.answerBehind("back", match, "q", "six", OPENS + WINDOW_MS + CAP_MS + 1, 2 * HOUR_MS);
        quiz.answer("no video", match, "q", "six", OPENS + WINDOW_MS);
        quiz.answer("no video, late", match, "q", "six", OPENS + WINDOW_MS + 1);
        assertThat(accepted()).containsExactly("no video", "paused");
    }

    private String ask(Policy policy) {
        quiz.drain();
        tests++;
        String match = "delay-" + tests;
        quiz.command(
                new Ask(
                        match,
                        "q",
                        "Next ball?",
                        Samples.OPTIONS,
                        10,
                        OPENS,
                        OPENS + WINDOW_MS,
                        null,
                        CUE_MS,
                        new Terms(null, null, null, null, new Terms.Delays(policy, CAP_MS)),
                        null));
        return match;
    }

    private List<Viewer> viewers(long wrongMs) {
        return List.of(
                new Viewer(5_000, wrongMs),
                new Viewer(15_000, wrongMs),
                new Viewer(30_000, wrongMs),
                new Viewer(60_000, wrongMs));
    }

    private List<String> accepted() {
        return quiz.results().stream()
                .filter(result -> ((Receipt) result.value()).status() == Status.ACCEPTED)
                .map(TestRecord::key)
                .sorted()
                .toList();
    }

    /// Who ends with an answer that counts, whatever was said in between.
    private List<String> finallyAccepted() {
        var last = new TreeMap<String, Boolean>();
        for (var result : quiz.results()) {
            if (result.value() instanceof Receipt receipt) {
                last.put(result.key(), receipt.option() != null);
            }
        }
        last.values().removeIf(counts -> !counts);
        return List.copyOf(last.keySet());
    }

    /// Somebody with a player that is so far behind the source.
    private final class Viewer {
        private static final long FRAME_MS = 250;

        final long delayMs;
        private final long wrongMs;
        private final String name;
        private final long offsetMs;

        Viewer(long delayMs, long wrongMs) {
            this(delayMs, wrongMs, String.valueOf(delayMs));
        }

        private Viewer(long delayMs, long wrongMs, String name) {
            this.delayMs = delayMs;
            this.wrongMs = wrongMs;
            this.name = name;
            this.offsetMs = measuredOffsetMs();
        }

        /// The same viewer on another device.
        Viewer again() {
            return new Viewer(delayMs, wrongMs, name + ", again");
        }

        /// When the question is on the screen, by the true server time.
        long shownAt() {
            long frame = OPENS - 5_000;
            while (positionAt(frame) < CUE_MS) {
                frame += FRAME_MS;
            }
            return frame;
        }

        /// What the client tells: from its own notion of the server's time alone.
        long reckonedDelayMs() {
            long trueNow = OPENS + 61_000;
            long device = trueNow + wrongMs;
            return CLOCK.delayMs(positionAt(trueNow), device + offsetMs);
        }

        void answer(String match, long receivedAt) {
            quiz.answerBehind(name, match, "q", "six", receivedAt, reckonedDelayMs());
        }

        private long positionAt(long trueNow) {
            return CLOCK.mediaAt(trueNow - delayMs);
        }

        /// Server time less the device's, from five samples over a network of up to 400 ms a round:
        /// the one with the shortest is the best.
        private long measuredOffsetMs() {
            long best = 0;
            long shortest = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                long there = 10L + random.nextInt(100);
                long back = 10L + random.nextInt(100);
                long sent = OPENS + i * 1_000L + wrongMs;
                long server = OPENS + i * 1_000L + there;
                long received = sent + there + back;
                if (there + back < shortest) {
                    shortest = there + back;
                    best = server - (sent + received) / 2;
                }
            }
            return best;
        }
    }
}
