package io.grandstand.cli;

import io.grandstand.cricket.Asking;
import io.grandstand.cricket.Conductor;
import io.grandstand.cricket.MatchFile;
import io.grandstand.cricket.MatchFileException;
import io.grandstand.cricket.MatchScript;
import io.grandstand.cricket.Pacing;
import io.grandstand.events.MatchFeed;
import io.grandstand.events.MediaClock;
import io.grandstand.events.Waiting;
import io.grandstand.trivia.QuizFile;
import io.grandstand.trivia.QuizFileException;
import io.grandstand.trivia.QuizPacing;
import io.grandstand.trivia.QuizRunner;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `grandstand feed`: plays one match or asks one quiz on a cluster where the game's services run,
/// and ends with it. Any number of them may run beside each other, each on its own match. Stopped
/// and started again, it goes on where it stood.
@Command(
        name = "feed",
        description = "Plays one match or asks one quiz on a Kafka cluster, and ends with it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        showDefaultValues = true)
final class FeedCommand implements Callable<Integer> {
    private static final double SPEED_MAX = 1000;

    @Spec private @Nullable CommandSpec spec;

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source = new Source();

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Play so many times as fast.")
    private double speed;

    @Option(
            names = "--media-ms",
            paramLabel = "MS",
            description =
                    "Where the match's media stream stands now, at its source, so that its"
                            + " questions have a cue.")
    private @Nullable Long mediaMs;

    @Mixin private TermsOptions terms = new TermsOptions();

    /// What is played.
    static final class Source {
        @Option(
                names = "--match",
                required = true,
                paramLabel = "FILE",
                description = "A Cricsheet JSON file, or a recorded live score feed.")
        private @Nullable Path match;

        @Option(
                names = "--quiz",
                required = true,
                paramLabel = "FILE",
                description = "A YAML or text file with questions and right answers.")
        private @Nullable Path quiz;
    }

    @Override
    public Integer call() throws StartException {
        Map<String, Object> kafka = cluster.kafka();
        var playing = Thread.currentThread();
        var stop = new Thread(() -> stop(playing), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            if (source.match != null) {
                play(source.match, kafka);
            } else if (source.quiz != null) {
                ask(source.quiz, kafka);
            }
            return 0;
        } catch (InterruptedException stopped) {
            return 130;
        } catch (MatchFileException | QuizFileException e) {
            throw new StartException(e);
        }
    }

    private void play(Path file, Map<String, Object> kafka)
            throws InterruptedException, MatchFileException {
        InstantSource clock = InstantSource.system();
        MatchScript script = MatchFile.read(file);
        Asking asking = asking(script.id(), clock);
        Pacing pacing = checked(() -> Pacing.DEFAULT.atSpeed(speed()));
        tell("playing match " + script.id());
        try (MatchFeed feed = MatchFeed.onKafka(kafka, script.id(), clock)) {
            new Conductor(script, feed, pacing, asking, clock, Waiting.on(clock)).run();
        }
    }

    private Asking asking(String match, InstantSource clock) {
        return checked(() ->
                new Asking(
                        terms.terms(),
                        mediaMs == null ? null : new MediaClock(match, mediaMs, clock.millis())));
    }

    private void ask(Path file, Map<String, Object> kafka)
            throws InterruptedException, QuizFileException {
        if (mediaMs != null || checked(terms::terms) != null) {
            throw usage("how a quiz counts stands in its file, under rules");
        }
        InstantSource clock = InstantSource.system();
        QuizFile quiz = QuizFile.read(file);
        tell("asking quiz " + quiz.match());
        try (MatchFeed feed = MatchFeed.onKafka(kafka, quiz.match(), clock)) {
            new QuizRunner(
                            quiz,
                            feed,
                            checked(() -> QuizPacing.DEFAULT.atSpeed(speed())),
                            clock,
                            Waiting.on(clock))
                    .run();
        }
    }

    private double speed() {
        if (speed <= 0 || speed > SPEED_MAX) {
            throw new IllegalArgumentException(
                    "--speed is %s: must be above 0 and at most %s".formatted(speed, SPEED_MAX));
        }
        return speed;
    }

    private <V> V checked(java.util.function.Supplier<V> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(command(), problem);
    }

    private void tell(String line) {
        command().getOut().println(line);
    }

    private CommandLine command() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }

    /// Ctrl-C: what was said is complete, and what was not is said at the next start.
    private static void stop(Thread playing) {
        playing.interrupt();
        try {
            playing.join(java.time.Duration.ofSeconds(3));
        } catch (InterruptedException cutShort) {
            Thread.currentThread().interrupt();
        }
    }
}
