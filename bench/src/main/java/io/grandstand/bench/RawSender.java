package io.grandstand.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The C program of `bench/raw/raw.c`: the kernel's limit, to which the gateway is compared.
///
/// It is compiled where it runs, from the source that travels in the jar: that takes less than a
/// second, and nobody has to trust a binary. Its first comment says how it is driven.
final class RawSender {
    private static final String SOURCE = "raw.c";

    private RawSender() {}

    /// Whether one message makes one `send()` a connection, or up to 16 waiting ones do.
    enum Mode {
        PLAIN("plain"),
        JOINED("joined");

        final String argument;

        Mode(String argument) {
            this.argument = argument;
        }
    }

    /// Whether this machine can compile it.
    static boolean hasCompiler() throws InterruptedException {
        try {
            return new ProcessBuilder("cc", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /// Compiles it into `folder`, which exists.
    ///
    /// @return the executable
    /// @throws IOException with a sentence for the person at the keyboard if there is no C compiler
    ///   or it fails
    static Path build(Path folder) throws IOException, InterruptedException {
        if (!hasCompiler()) {
            throw new IOException(
                    "The raw reference is written in C, and there is no C compiler (cc) here."
                            + " Install one: apt-get install gcc libc6-dev; dnf install gcc.");
        }
        Path source = folder.resolve(SOURCE);
        try (InputStream bytes = RawSender.class.getResourceAsStream(SOURCE)) {
            if (bytes == null) {
                throw new IllegalStateException(SOURCE + " is not on the class path");
            }
            Files.write(source, bytes.readAllBytes());
        }
        Path executable = folder.resolve("raw");
        Process compiler =
                new ProcessBuilder(
                                "cc",
                                "-O2",
                                "-Wall",
                                "-Wextra",
                                "-Werror",
                                "-o",
                                executable.toString(),
                                source.toString())
                        .redirectErrorStream(true)
                        .start();
        String output =
                new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (compiler.waitFor() != 0) {
            throw new IOException("The raw reference does not compile here:\n" + output);
        }
        return executable;
    }

    /// How it is started. It prints `ready PORT CONTROL_PORT`.
    static List<String> command(Path executable, Mode mode) {
        return List.of(executable.toString(), mode.argument);
    }
}
