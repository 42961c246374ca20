package io.grandstand.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// An HTTP endpoint beside the WebSocket.
///
/// @param method `GET` or `POST`
/// @param path the exact path
/// @param handler called on an event loop, so it must not block. A failed stage is answered with
///   500 and logged
public record HttpRoute(
        String method, String path, Function<Request, CompletionStage<Response>> handler) {

    /// What is asked.
    ///
    /// @param query parameters of the address; the last value where a name stands twice
    /// @param headers by lower-case name; the last value where a name stands twice
    /// @param body at most 64 KiB
    public record Request(Map<String, String> query, Map<String, String> headers, byte[] body) {
        /// The value of a header, empty where there is none.
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /// What to answer.
    ///
    /// @param status the HTTP status code
    /// @param contentType the body's media type
    public record Response(int status, String contentType, byte[] body) {
        public static Response json(int status, byte[] body) {
            return new Response(status, "application/json", body);
        }

        /// A refusal, with a sentence for the developer who reads it.
        public static Response text(int status, String sentence) {
            return new Response(
                    status,
                    "text/plain; charset=utf-8",
                    (sentence + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
