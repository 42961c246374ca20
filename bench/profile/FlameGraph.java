import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Draws where a process's time went, the kernel's part included: what `perf script -F comm,ip,sym` prints in, a flame graph
/// out, and the share of each function that is on the stack in at least one sample of fifty.
///
/// A box is a function, below it what called it; its width is the share of samples in which it was on the stack.
/// docs/performance.md says how to take the samples.
///
///     java bench/profile/FlameGraph.java SAMPLES.txt GRAPH.svg
public final class FlameGraph {
    private static final int WIDTH = 1200;
    private static final int ROW = 17;

    /// Narrower boxes show nothing, in px.
    private static final double WIDTH_MIN = 1.5;

    /// Width of a letter of the font used, in px; about.
    private static final double LETTER = 6.2;

    private static final double SHARE_TOLD = 0.02;

    /// How the JVM starts a thread, and what has no name.
    private static final Set<String> SAYS_NOTHING =
            Set.of(
                    "[unknown]",
                    "start_thread",
                    "thread_native_entry",
                    "Thread::call_run",
                    "JavaThread::thread_main_inner",
                    "thread_entry",
                    "JavaCalls::call_helper",
                    "JavaCalls::call_virtual",
                    "Interpreter",
                    "StubRoutines");

    /// A method, in one place of the stacks.
    private static final class Node {
        final String name;
        final Map<String, Node> callees = new TreeMap<>();
        int samples;

        Node(String name) {
            this.name = name;
        }

        /// How many boxes stand on each other, of those that can be seen.
        int depth(double samplesMin) {
            return samples < samplesMin
                    ? 0
                    : 1 + callees.values().stream().mapToInt(callee -> callee.depth(samplesMin)).max().orElse(0);
        }
    }

    private FlameGraph() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("Usage: java FlameGraph.java SAMPLES.txt GRAPH.svg");
            System.exit(2);
        }
        var root = new Node("all");
        try (Stream<String> lines = Files.lines(Path.of(arguments[0]))) {
            var sample = new ArrayList<String>();
            lines.forEach(line -> {
                if (!line.isBlank()) {
                    sample.add(line.strip());
                } else if (!sample.isEmpty()) {
                    add(root, sample);
                    sample.clear();
                }
            });
        }
        try (var out = new PrintWriter(arguments[1])) {
            draw(root, out);
        }
        tell(root);
    }

    /// The first line names the thread; the others are an address and a function each, innermost first.
    private static void add(Node root, ArrayList<String> sample) {
        root.samples++;
        // Threads of a pool look alike.
        Node node = child(root, sample.getFirst().replaceAll("[-#]*\\d*$", ""));
        for (String line : sample.subList(1, sample.size()).reversed()) {
            String function = name(line.substring(line.indexOf(' ') + 1));
            if (!SAYS_NOTHING.contains(function)) {
                node = child(node, function);
            }
        }
    }

    private static Node child(Node node, String name) {
        Node child = node.callees.computeIfAbsent(name, Node::new);
        child.samples++;
        return child;
    }

    /// Class and method of what the JVM compiled, without result, package and parameters; other names as they are.
    private static String name(String symbol) {
        int parameters = symbol.indexOf('(');
        String name = (parameters < 0 ? symbol : symbol.substring(0, parameters)).strip();
        name = name.substring(name.lastIndexOf(' ') + 1);
        int method = name.lastIndexOf('.');
        int type = name.lastIndexOf('.', method - 1);
        boolean isJava = parameters > 0 && type > 0;
        return isJava ? name.substring(type + 1) : name;
    }

    private static void draw(Node root, PrintWriter out) {
        int height = root.depth(WIDTH_MIN * root.samples / WIDTH) * ROW + ROW;
        out.printf(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"monospace\""
                        + " font-size=\"10\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fffdf7\"/>%n",
                WIDTH,
                height);
        draw(root, 0, 0, height, (double) WIDTH / Math.max(1, root.samples), root.samples, out);
        out.println("</svg>");
    }

    private static void draw(
            Node node, double x, int depth, int height, double scale, int all, PrintWriter out) {
        double width = node.samples * scale;
        if (width < WIDTH_MIN) {
            return;
        }
        int y = height - (depth + 1) * ROW;
        int letters = (int) ((width - 4) / LETTER);
        String text = node.name.length() <= letters ? node.name : letters < 4 ? "" : node.name.substring(0, letters);
        out.printf(
                Locale.ROOT,
                "<g><title>%s: %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\""
                        + " stroke=\"#fffdf7\"/><text x=\"%.1f\" y=\"%d\">%s</text></g>%n",
                escaped(node.name),
                100.0 * node.samples / all,
                x,
                y,
                width,
                ROW - 1,
                colour(node.name),
                x + 3,
                y + 12,
                escaped(text));
        for (Node callee : node.callees.values()) {
            draw(callee, x, depth + 1, height, scale, all, out);
            x += callee.samples * scale;
        }
    }

    /// One colour for a class, warm as flames are.
    private static String colour(String name) {
        int hash = name.substring(0, name.lastIndexOf('.') < 0 ? name.length() : name.lastIndexOf('.')).hashCode();
        return "hsl(%d,85%%,%d%%)".formatted(15 + Math.floorMod(hash, 40), 62 + Math.floorMod(hash >> 8, 14));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /// The share of samples in which each method was on the stack, however deep.
    private static void tell(Node root) {
        var shares = new TreeMap<String, Integer>();
        for (Node thread : root.callees.values()) {
            count(thread, thread.name, new ArrayList<>(), shares);
        }
        System.out.printf("%d samples%n", root.samples);
        shares.entrySet().stream()
                .filter(share -> share.getValue() >= root.samples * SHARE_TOLD)
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(share ->
                        System.out.printf(
                                Locale.ROOT, "%5.1f %%  %s%n", 100.0 * share.getValue() / root.samples, share.getKey()));
    }

    private static void count(Node node, String thread, ArrayList<String> above, Map<String, Integer> shares) {
        // A method that calls itself counts once.
        if (!above.contains(node.name)) {
            shares.merge(thread.equals(node.name) ? thread : thread + "  " + node.name, node.samples, Integer::sum);
        }
        above.add(node.name);
        node.callees.values().forEach(callee -> count(callee, thread, above, shares));
        above.removeLast();
    }
}
