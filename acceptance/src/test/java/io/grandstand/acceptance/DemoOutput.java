package io.grandstand.acceptance;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the demo prints for people, read by tests.
final class DemoOutput {
    private static final Pattern PLAY = Pattern.compile("Play: +http://localhost:(\\d+)");

    private DemoOutput() {}

    /// The port of the page, once the demo can be played.
    static String port(Program demo) throws InterruptedException {
        Matcher play =
                PLAY.matcher(
                        demo.awaitLine(line -> PLAY.matcher(line).find(), Duration.ofMinutes(3)));
        if (!play.find()) {
            throw new AssertionError("no address in " + play);
        }
        return play.group(1);
    }
}
