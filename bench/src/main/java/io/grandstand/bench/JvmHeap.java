package io.grandstand.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What another JVM of this machine has on its heap, asked with the JDK's `jcmd`.
final class JvmHeap {
    /// The last line of a class histogram: objects and bytes.
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");

    private JvmHeap() {}

    /// Bytes of the objects that are alive, for which a full collection is made. Exact, where the
    /// heap's own count of what it uses is as coarse as its regions.
    static long liveBytes(long pid) throws InterruptedException {
        return totalBytes(jcmd(pid, "GC.class_histogram"));
    }

    /// The bytes of all classes, from the text of `GC.class_histogram`.
    static long totalBytes(String histogram) {
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new BenchException("jcmd does not tell what is on the heap");
        }
        return Long.parseLong(total.group(1));
    }

    private static String jcmd(long pid, String command) throws InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process =
                    new ProcessBuilder(jcmd, Long.toString(pid), command)
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new BenchException("jcmd %s failed: %s".formatted(command, said.strip()));
            }
            return said;
        } catch (IOException e) {
            throw new BenchException("the heap is measured with the JDK's jcmd: " + e, e);
        }
    }
}
