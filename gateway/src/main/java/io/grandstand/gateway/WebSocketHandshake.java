package io.grandstand.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The opening handshake of a WebSocket, the server's half (RFC 6455, 4.2).
final class WebSocketHandshake {
    /// What every server appends to the client's key (RFC 6455, 1.3).
    private static final String APPENDED = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// The only version there is; earlier ones were drafts.
    private static final String VERSION = "13";

    private WebSocketHandshake() {}

    /// Whether a request asks for a WebSocket at all, in whichever version.
    static boolean isAsked(FullHttpRequest request) {
        HttpHeaders headers = request.headers();
        return request.method().equals(HttpMethod.GET)
                && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    }

    static boolean isVersionKnown(FullHttpRequest request) {
        return VERSION.equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
    }

    /// Says which version to ask for.
    static FullHttpResponse otherVersion() {
        FullHttpResponse response = response(HttpResponseStatus.UPGRADE_REQUIRED);
        response.headers()
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION)
                .set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return response;
    }

    /// Agrees.
    ///
    /// @param subprotocol what is spoken if the client asks for it; none is named otherwise
    static FullHttpResponse accepted(FullHttpRequest request, String subprotocol) {
        FullHttpResponse response = response(HttpResponseStatus.SWITCHING_PROTOCOLS);
        response.headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(
                        HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
                        proof(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY)));
        String asked = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, "");
        for (String one : asked.split(",", -1)) {
            if (one.trim().equals(subprotocol)) {
                response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
            }
        }
        return response;
    }

    private static String proof(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + APPENDED).getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }

    private static FullHttpResponse response(HttpResponseStatus status) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    }
}
