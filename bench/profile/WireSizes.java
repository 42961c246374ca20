import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Plays along in a running demo as one player and tells how many bytes its messages have on average: what
/// `bench/sizing.yaml` has as `…-wire-bytes`, without headers.
///
///     java bench/profile/WireSizes.java http://127.0.0.1:8080 SECONDS
public final class WireSizes implements WebSocket.Listener {
    private static final Pattern PLAYER = Pattern.compile("\"player\":\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final Pattern MATCH = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern CHANNEL = Pattern.compile("\"push\":\\{\"channel\":\"([a-z-]+):");
    private static final Pattern KIND = Pattern.compile("\"kind\":\"([a-z]+)\"");
    private static final Pattern OPEN = Pattern.compile("\"id\":\"([^\"]+)\".*\"state\":\"open\"");
    private static final Pattern OPTION = Pattern.compile("\"options\":\\[\\{\"id\":\"([^\"]+)\"");

    private record Sum(long messages, long bytes) {
        Sum plus(int more) {
            return new Sum(messages + 1, bytes + more);
        }
    }

    private final Map<String, Sum> sums = new TreeMap<>();
    private final StringBuilder frame = new StringBuilder();
    private final String player;
    private final String match;
    private CompletableFuture<WebSocket> sent = new CompletableFuture<>();
    private int commands = 10;

    private WireSizes(String player, String match) {
        this.player = player;
        this.match = match;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("Usage: java WireSizes.java http://HOST:PORT SECONDS");
            System.exit(2);
        }
        URI demo = URI.create(arguments[0]);
        try (HttpClient http = HttpClient.newHttpClient()) {
            String session =
                    body(http, HttpRequest.newBuilder(demo.resolve("/demo/session"))
                            .POST(BodyPublishers.ofString("{\"name\":\"Wire\"}")));
            String match = first(MATCH, body(http, HttpRequest.newBuilder(demo.resolve("/demo/matches"))));
            var sizes = new WireSizes(first(PLAYER, session), match);
            URI endpoint = URI.create(arguments[0].replaceFirst("http", "ws") + "/connection/websocket");
            WebSocket socket = http.newWebSocketBuilder().buildAsync(endpoint, sizes).join();
            socket.sendText(
                            """
                            {"id":1,"connect":{"token":"%s"}}
                            {"id":2,"subscribe":{"channel":"question:%s"}}
                            {"id":3,"subscribe":{"channel":"ball:%s"}}
                            {"id":4,"subscribe":{"channel":"scoreboard:%s"}}
                            {"id":5,"subscribe":{"channel":"result:%s"}}"""
                                    .formatted(
                                            first(TOKEN, session), match, match, match, sizes.player),
                            true)
                    .join();
            sizes.sent.complete(socket);
            Thread.sleep(Long.parseLong(arguments[1]) * 1000);
            socket.abort();
            synchronized (sizes) {
                sizes.sums.forEach((name, sum) ->
                        System.out.printf(
                                Locale.ROOT,
                                "%-22s %5d messages, %6.1f bytes on average%n",
                                name,
                                sum.messages(),
                                (double) sum.bytes() / sum.messages()));
            }
        }
    }

    @Override
    public synchronized CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        frame.append(data);
        if (last) {
            frame.toString().lines().forEach(this::take);
            frame.setLength(0);
        }
        socket.request(1);
        return null;
    }

    private void take(String message) {
        if (message.equals("{}")) {
            send("{}");
            return;
        }
        Matcher channel = CHANNEL.matcher(message);
        if (!channel.find()) {
            return;
        }
        Matcher kind = KIND.matcher(message);
        String name = channel.group(1) + (channel.group(1).equals("result") && kind.find() ? " " + kind.group(1) : "");
        add(name, message);
        Matcher open = OPEN.matcher(message.substring(message.indexOf("\"data\"")));
        Matcher option = OPTION.matcher(message);
        if (name.equals("question") && open.find() && option.find()) {
            String answer =
                    "{\"id\":%d,\"publish\":{\"channel\":\"answer:%s\",\"data\":{\"match\":\"%s\",\"question\":\"%s\",\"option\":\"%s\"}}}"
                            .formatted(commands++, player, match, open.group(1), option.group(1));
            add("answer", answer);
            send(answer);
        }
    }

    private void add(String name, String message) {
        sums.merge(name, new Sum(1, message.length()), (sum, _) -> sum.plus(message.length()));
    }

    private void send(String text) {
        sent = sent.thenCompose(socket -> socket.sendText(text, true));
    }

    private static String body(HttpClient http, HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("%s is not in %s".formatted(pattern, text));
        }
        return matcher.group(1);
    }
}
