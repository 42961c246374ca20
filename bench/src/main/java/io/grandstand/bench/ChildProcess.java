package io.grandstand.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program that the orchestrator started. Ended by `kill`, never asked to: nothing it has is
/// worth keeping. Thread-safe.
final class ChildProcess {
    private final String name;
    private final Process process;
    private final Path errors;
    private final PrintStream in;
    private volatile Consumer<String> lines = _ -> {};
    private volatile boolean isExpectedToEnd;

    /// A program that was started.
    ///
    /// @param name what people call it
    /// @param errors the file that has its error stream
    ChildProcess(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    double cpuSeconds() {
        return Procfs.cpuSeconds(pid());
    }

    /// Waits for the line that says that the program is ready.
    ///
    /// @param ready what it looks like
    /// @param further takes every line after it, on a thread of its own; its end is told by `ended`
    /// @throws BenchException if the program ends or time is up before
    Matcher awaitReady(Pattern ready, Duration atMost, Consumer<String> further, Runnable ended)
            throws InterruptedException {
        var found = new CompletableFuture<Matcher>();
        lines =
                line -> {
                    Matcher matcher = ready.matcher(line);
                    if (matcher.find()) {
                        lines = further;
                        found.complete(matcher);
                    }
                };
        // No virtual thread: each would hold one of the few carriers while it waits for a line.
        Thread.ofPlatform()
                .daemon()
                .name(name + "-output")
                .start(() -> {
                    read();
                    found.completeExceptionally(new IOException("it ended"));
                    if (!isExpectedToEnd) {
                        ended.run();
                    }
                });
        try {
            return found.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("%s does not start%s".formatted(name, said()), e);
        }
    }

    /// The end of what it wrote to its error stream, for people.
    String said() {
        try {
            String text = Files.readString(errors).strip();
            return text.isEmpty() ? "" : ":\n" + text.substring(Math.max(0, text.length() - 2_000));
        } catch (IOException e) {
            return "";
        }
    }

    /// Writes a line to its input.
    void say(String line) {
        synchronized (in) {
            in.println(line);
        }
    }

    /// From now on its end is none of its faults.
    void expectEnd() {
        isExpectedToEnd = true;
    }

    /// Ends it as `kill -9` does, and waits until it is gone.
    void kill() {
        expectEnd();
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // It was killed.
        }
    }
}
