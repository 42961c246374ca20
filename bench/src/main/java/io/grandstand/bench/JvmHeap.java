package io.grandstand.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What another JVM of this machine has on its heap, asked with the JDK's `jcmd`.
final class JvmHeap {
    /// G1 and others say `used 1234K`, ZGC `used 12M`.
    private static final Pattern USED = Pattern.compile("used (\\d+)([KM])");

    private JvmHeap() {}

    /// Bytes that are alive after a full collection.
    static long liveBytes(long pid) throws InterruptedException {
        jcmd(pid, "GC.run");
        return usedBytes(jcmd(pid, "GC.heap_info"));
    }

    /// The bytes used, from the text of `GC.heap_info`.
    static long usedBytes(String heapInfo) {
        Matcher used = USED.matcher(heapInfo);
        if (!used.find()) {
            throw new BenchException("jcmd does not tell the heap's use: " + heapInfo);
        }
        return Long.parseLong(used.group(1)) << (used.group(2).equals("K") ? 10 : 20);
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
