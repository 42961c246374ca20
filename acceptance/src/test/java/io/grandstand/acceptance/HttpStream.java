package io.grandstand.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// An HTTP response that does not end, read message by message with the JDK's client.
final class HttpStream implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final InputStream in;

    /// Sends `request` and returns once the response has begun.
    HttpStream(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        in = response.body();
    }

    int status() {
        return response.statusCode();
    }

    /// A header of the response; empty where it is not there.
    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /// The next line without its end, or `END`.
    String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return line.size() == 0 ? END : line + " and the end";
            }
            line.write(next);
        }
        return line.toString(UTF_8);
    }

    /// What `line` and `event` return at the end of the response.
    static final String END = "the end";

    /// The data of the next server-sent event, or `END`.
    String event() throws IOException {
        String line = line();
        while (line.isBlank()) {
            line = line();
        }
        if (line.equals(END)) {
            return END;
        }
        if (!line.startsWith("data: ") || !line().isEmpty()) {
            throw new IOException("no event: " + line);
        }
        return line.substring("data: ".length());
    }

    /// The next Protobuf message.
    Message message() throws IOException, Codec.Malformed {
        var message = new ByteArrayOutputStream();
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.read();
            message.write(next);
            length |= (next & 0x7f) << shift;
            shift += 7;
        } while ((next & 0x80) != 0);
        message.writeBytes(in.readNBytes(length));
        return Codec.PROTOBUF.messages(message.toByteArray()).getFirst();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
