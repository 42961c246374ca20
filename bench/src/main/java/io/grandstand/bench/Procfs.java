package io.grandstand.bench;

import io.grandstand.bench.RunResult.Hardware;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Linux tells of processes and of itself, in /proc.
final class Procfs {
    /// The unit of processor times in /proc/PID/stat: USER_HZ, 100 on every architecture that a JDK
    /// runs on.
    private static final double TICKS_PER_SECOND = 100;

    private static final long PAGE_BYTES = 4_096;
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final Path PROC = Path.of("/proc");
    private static final Pattern FIRST_NUMBER = Pattern.compile("(\\d+)");
    private static final Pattern SOCKET_PAGES = Pattern.compile("(?m)^TCP: .* mem (\\d+)");

    private Procfs() {}

    /// Whether there is a /proc as Linux has it.
    static boolean isThere() {
        return Files.isReadable(PROC.resolve("self/stat"));
    }

    /// User and system time that a process has used, all of its threads, in seconds.
    static double cpuSeconds(long pid) {
        return cpuSeconds(read(PROC.resolve(pid + "/stat")));
    }

    /// The same from the text of /proc/PID/stat.
    static double cpuSeconds(String stat) {
        // The name in parentheses may hold anything, spaces and parentheses included.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /// Resident memory of a process.
    static long rssBytes(long pid) {
        return rssBytes(read(PROC.resolve(pid + "/status")));
    }

    /// The same from the text of /proc/PID/status.
    static long rssBytes(String status) {
        return number(line(status, "VmRSS:")) << 10;
    }

    /// What all TCP sockets of the machine take in the kernel for data that is under way. Their own
    /// structures are not in it.
    static long socketBytes() {
        return socketBytes(read(PROC.resolve("net/sockstat")));
    }

    /// The same from the text of /proc/net/sockstat.
    static long socketBytes(String sockstat) {
        Matcher pages = SOCKET_PAGES.matcher(sockstat);
        return pages.find() ? Long.parseLong(pages.group(1)) * PAGE_BYTES : 0;
    }

    /// Memory that the kernel has in its own structures, sockets among them.
    static long slabBytes() {
        return number(line(read(PROC.resolve("meminfo")), "Slab:")) << 10;
    }

    /// This process's limit of open files.
    static long descriptorsMax() {
        return descriptorsMax(read(PROC.resolve("self/limits")));
    }

    /// The same from the text of /proc/PID/limits.
    static long descriptorsMax(String limits) {
        String line = line(limits, "Max open files");
        return line.contains("unlimited") ? Long.MAX_VALUE : number(line);
    }

    /// How many ports a source address has for connections to one server.
    static int portsPerAddress() {
        String[] range =
                read(PROC.resolve("sys/net/ipv4/ip_local_port_range")).strip().split("\\s+", -1);
        return Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1;
    }

    static Hardware hardware() {
        String cpuInfo = read(PROC.resolve("cpuinfo"));
        String model =
                cpuInfo.contains("model name")
                        ? line(cpuInfo, "model name").replaceFirst("^\\s*:\\s*", "")
                        : System.getProperty("os.arch");
        return new Hardware(
                model,
                Runtime.getRuntime().availableProcessors(),
                number(line(read(PROC.resolve("meminfo")), "MemTotal:")) << 10,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "%s %s"
                        .formatted(
                                System.getProperty("java.vendor"),
                                System.getProperty("java.runtime.version")));
    }

    private static String line(String text, String start) {
        List<String> found = text.lines().filter(line -> line.startsWith(start)).toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no line begins with " + start);
        }
        return found.getFirst().substring(start.length());
    }

    private static long number(String text) {
        Matcher number = FIRST_NUMBER.matcher(text);
        if (!number.find()) {
            throw new IllegalArgumentException("no number in " + text);
        }
        return Long.parseLong(number.group(1));
    }

    /// The text of a file. Settings of the kernel are told by the first read alone, which must
    /// therefore have room for all: `Files.readString` begins with one byte.
    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
