package io.grandstand.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A child process of a test, and what it prints. Never outlives the test.
final class Program implements AutoCloseable {
    /// For programs that live for seconds: their start is most of what they compute.
    private static final List<String> SHORT_LIVED =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /// The exit code of a program that SIGTERM ended in an orderly way.
    static final int TERMINATED = 128 + 15;

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<?> read;

    private Program(Process process) {
        this.process = process;
        this.read = CompletableFuture.runAsync(this::read, task -> Thread.ofVirtual().start(task));
    }

    /// Starts a program; errors come with the output.
    static Program start(List<String> command) throws IOException {
        return new Program(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /// Starts `grandstand demo` with these further arguments, in a JVM of its own.
    static Program grandstand(Path data, String... arguments) throws IOException {
        var all = new ArrayList<>(List.of("demo", "--data", data.toString()));
        all.addAll(List.of(arguments));
        return java(512, "io.grandstand.cli.Main", all);
    }

    /// Starts one instance of `grandstand games` with these further arguments, on any free port.
    static Program games(Path data, String bootstrapServers, String... arguments)
            throws IOException {
        var all =
                new ArrayList<>(
                        List.of(
                                "games",
                                "--data",
                                data.toString(),
                                "--bootstrap-servers",
                                bootstrapServers,
                                "--port",
                                "0"));
        all.addAll(List.of(arguments));
        return java(SHORT_LIVED, 384, "io.grandstand.cli.Main", all);
    }

    /// Starts one of our programs in a JVM of its own, with a heap of so many MiB.
    static Program java(int heapMib, String mainClass, List<String> arguments) throws IOException {
        return java(List.of(), heapMib, mainClass, arguments);
    }

    private static Program java(
            List<String> options, int heapMib, String mainClass, List<String> arguments)
            throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + heapMib + "m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dlogback.configurationFile=logback.xml",
                                "-cp",
                                System.getProperty("java.class.path"),
                                mainClass));
        command.addAll(1, options);
        command.addAll(arguments);
        return start(command);
    }

    /// Starts a script of `src/test/node` with the Node on the path.
    static Program node(String script, String... arguments) throws IOException {
        Path root = Path.of(System.getProperty("grandstand.root"));
        var command =
                new ArrayList<>(
                        List.of(
                                "node",
                                root.resolve("acceptance/src/test/node").resolve(script).toString(),
                                root.resolve("web").toString()));
        command.addAll(List.of(arguments));
        return start(command);
    }

    /// Waits for a line; fails with all that was printed where the program ends or time is up
    /// first.
    String awaitLine(Predicate<String> wanted, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lines) {
            int seen = 0;
            while (true) {
                for (; seen < lines.size(); seen++) {
                    if (wanted.test(lines.get(seen))) {
                        return lines.get(seen);
                    }
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (leftMs <= 0 || read.isDone()) {
                    throw new AssertionError("the line did not come; printed was:\n" + output());
                }
                lines.wait(Math.min(leftMs, 100));
            }
        }
    }

    void say(String line) {
        var out = new PrintStream(process.getOutputStream(), true);
        out.println(line);
    }

    /// Waits for the end; returns the exit code.
    int awaitEnd(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it does not end; printed was:\n" + output());
        }
        read.join();
        return process.exitValue();
    }

    /// Ends it in an orderly way, as SIGTERM does. For a JVM Ctrl-C is the same, but a background
    /// job's programs ignore that one, and the tests may be such a job.
    void terminate() {
        process.destroy();
    }

    /// Ends it as `kill -9` does: no shutdown hook, no flush.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException killed) {
            // What it printed before is there.
        }
    }
}
