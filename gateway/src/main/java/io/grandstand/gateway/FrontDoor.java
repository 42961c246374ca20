package io.grandstand.gateway;

import io.grandstand.protocol.Codec;
import io.grandstand.protocol.Emulation;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where every connection comes in as HTTP: turns it into a session, or answers it from a route or
/// a file. One per connection, confined to its event loop.
// A write that fails closes the connection: its future tells nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class FrontDoor extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);

    private static final String CONNECTION = "/connection/";
    private static final String EMULATION_PATH = "/emulation";

    private static final String JSON_SUBPROTOCOL = "centrifuge-json";
    private static final String PROTOBUF_SUBPROTOCOL = "centrifuge-protobuf";

    private static final byte[] EVENT_STREAM_START = {'\r', '\n'};

    private static final String CONTENT_POLICY =
            "default-src 'self'; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline';"
                    + " img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'";

    private final Site site;

    /// What is served.
    ///
    /// @param node whose sessions commands may come for
    /// @param sessions makes the session of a connection
    /// @param compression whether WebSocket messages may be compressed
    record Site(
            List<HttpRoute> routes,
            @Nullable StaticFiles files,
            Set<String> allowedOrigins,
            boolean compression,
            Node node,
            SessionMaker sessions) {}

    /// Makes the session of a connection.
    interface SessionMaker {
        /// What makes the session once its link is there.
        ///
        /// @param emulated whether its commands come from other connections
        /// @param pingsTransport whether the transport's pings replace those of the protocol
        Function<Link, Session> make(
                Channel channel, Wire wire, boolean emulated, boolean pingsTransport);
    }

    FrontDoor(Site site) {
        this.site = site;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (request.decoderResult().cause() instanceof TooLongHttpLineException) {
            answer(context, request, HttpRoute.Response.text(414, "The address is too long."));
            return;
        }
        if (!request.decoderResult().isSuccess()) {
            answer(context, request, HttpRoute.Response.text(400, "The request is not HTTP."));
            return;
        }
        var address = new QueryStringDecoder(request.uri());
        String path = path(address);
        if (path.startsWith(CONNECTION) || path.equals(EMULATION_PATH)) {
            connect(context, request, path, address);
            return;
        }
        for (HttpRoute route : site.routes()) {
            if (route.path().equals(path) && route.method().equals(request.method().name())) {
                answer(context, request, route, address);
                return;
            }
        }
        if (site.routes().stream().anyMatch(route -> route.path().equals(path))) {
            answer(context, request, HttpRoute.Response.text(405, "Wrong method for this path."));
        } else {
            answerFile(context, request, path);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        log.debug("an HTTP connection broke: {}", cause.toString());
        context.close();
    }

    /// A client of the protocol, on any of its transports.
    private void connect(
            ChannelHandlerContext context,
            FullHttpRequest request,
            String path,
            QueryStringDecoder address) {
        if (!isOriginAllowed(request)) {
            answer(
                    context,
                    request,
                    HttpRoute.Response.text(
                            403, "This origin may not connect; see the allowed origins."));
            return;
        }
        String method = request.method().name();
        boolean isPost = method.equals("POST");
        boolean isRead = isPost || method.equals("GET");
        String transport = path.startsWith(CONNECTION) ? path.substring(CONNECTION.length()) : path;
        boolean isProtobuf =
                "application/octet-stream"
                        .equalsIgnoreCase(request.headers().get(HttpHeaderNames.CONTENT_TYPE));
        if (request.method().equals(HttpMethod.OPTIONS)) {
            answer(context, request, new HttpRoute.Response(204, "text/plain", new byte[0]));
            return;
        }
        switch (transport) {
            case "websocket" -> upgrade(context, request, address, false);
            case "uni_websocket" -> upgrade(context, request, address, true);
            case "http_stream" ->
                    stream(
                            context,
                            request,
                            isPost,
                            isProtobuf ? Wire.STREAM_PROTOBUF : Wire.STREAM_JSON,
                            ByteBufUtil.getBytes(request.content()));
            case "uni_http_stream" ->
                    stream(
                            context,
                            request,
                            isPost,
                            Wire.UNI_STREAM,
                            ByteBufUtil.getBytes(request.content()));
            case "sse" -> stream(context, request, isRead, Wire.SSE, asked(request, address));
            case "uni_sse" ->
                    stream(context, request, isRead, Wire.UNI_SSE, asked(request, address));
            case EMULATION_PATH -> emulate(context, request, isPost, isProtobuf);
            default ->
                    answer(
                            context,
                            request,
                            HttpRoute.Response.text(404, "There is no such transport."));
        }
    }

    private void upgrade(
            ChannelHandlerContext context,
            FullHttpRequest request,
            QueryStringDecoder address,
            boolean isUnidirectional) {
        String asked = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, "");
        boolean isProtobuf =
                !isUnidirectional
                        && (asked.contains(PROTOBUF_SUBPROTOCOL)
                                || has(address, "format", "protobuf")
                                || has(address, "cf_protocol", "protobuf"));
        boolean isDeflated =
                site.compression()
                        && Deflate.isOfferedIn(
                                request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
        if (!WebSocketHandshake.isAsked(request)) {
            answer(
                    context,
                    request,
                    HttpRoute.Response.text(400, "This path speaks WebSocket only."));
            return;
        }
        if (!WebSocketHandshake.isVersionKnown(request)) {
            context.writeAndFlush(WebSocketHandshake.otherVersion(), context.voidPromise());
            return;
        }
        FullHttpResponse accepted =
                WebSocketHandshake.accepted(
                        request, isProtobuf ? PROTOBUF_SUBPROTOCOL : JSON_SUBPROTOCOL);
        if (isDeflated) {
            accepted.headers().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, Deflate.RESPONSE);
        }
        context.writeAndFlush(accepted, context.voidPromise());
        Wire wire;
        if (isUnidirectional) {
            wire = isDeflated ? Wire.UNI_WEBSOCKET_DEFLATED : Wire.UNI_WEBSOCKET;
        } else if (isProtobuf) {
            wire = isDeflated ? Wire.WEBSOCKET_PROTOBUF_DEFLATED : Wire.WEBSOCKET_PROTOBUF;
        } else {
            wire = isDeflated ? Wire.WEBSOCKET_JSON_DEFLATED : Wire.WEBSOCKET_JSON;
        }
        var pipeline = context.pipeline();
        pipeline.remove(GatewayServer.HTTP_IDLE);
        pipeline.remove(HttpObjectAggregator.class);
        pipeline.addLast(
                new WebSocketLink(
                        context.channel(),
                        isDeflated,
                        site.sessions()
                                .make(
                                        context.channel(),
                                        wire,
                                        false,
                                        has(address, "cf_ws_frame_ping_pong", "true"))));
        // Hands on what the client may have sent behind its request.
        pipeline.remove(HttpServerCodec.class);
        pipeline.remove(this);
    }

    private void stream(
            ChannelHandlerContext context,
            FullHttpRequest request,
            boolean isMethodRight,
            Wire wire,
            byte @Nullable [] firstCommands) {
        if (!isMethodRight) {
            answer(context, request, HttpRoute.Response.text(405, "Wrong method for this path."));
            return;
        }
        if (firstCommands == null) {
            answer(context, request, HttpRoute.Response.text(400, "cf_connect is missing."));
            return;
        }
        boolean isEvents = wire == Wire.SSE || wire == Wire.UNI_SSE;
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(
                        HttpHeaderNames.CONTENT_TYPE,
                        isEvents
                                ? "text/event-stream"
                                : wire.isJson() ? "application/json" : "application/octet-stream")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                // It ends with the stream: nobody shall send a next request behind it.
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store, no-cache, no-transform")
                .set("X-Accel-Buffering", "no")
                .set("X-Content-Type-Options", "nosniff");
        allowOrigin(request, head.headers());
        context.write(head, context.voidPromise());
        var pipeline = context.pipeline();
        pipeline.remove(GatewayServer.HTTP_IDLE);
        pipeline.remove(HttpObjectAggregator.class);
        pipeline.remove(HttpServerCodec.class);
        if (isEvents) {
            context.write(Unpooled.wrappedBuffer(Frames.chunk(EVENT_STREAM_START)));
        }
        var link =
                new StreamLink(
                        context.channel(),
                        wire,
                        site.sessions().make(context.channel(), wire, true, false));
        pipeline.replace(this, "stream", link);
        link.session().received(firstCommands);
        link.flush();
    }

    /// Takes commands for a session whose own connection only carries what the server says.
    private void emulate(
            ChannelHandlerContext context,
            FullHttpRequest request,
            boolean isPost,
            boolean isProtobuf) {
        if (!isPost) {
            answer(context, request, HttpRoute.Response.text(405, "Wrong method for this path."));
            return;
        }
        Emulation emulation;
        try {
            byte[] body = ByteBufUtil.getBytes(request.content());
            emulation = isProtobuf ? Emulation.ofProtobuf(body) : Emulation.ofJson(body);
        } catch (Codec.Malformed malformed) {
            answer(context, request, HttpRoute.Response.text(400, "The body is no emulation."));
            return;
        }
        if (!emulation.node().equals(site.node().id())) {
            answer(context, request, HttpRoute.Response.text(404, "There is no such node here."));
            return;
        }
        Session session = site.node().emulated().get(emulation.session());
        if (session != null) {
            session.loop.execute(() -> session.received(emulation.data()));
        }
        // A session that has just ended is no error: its client's last commands come late.
        answer(context, request, new HttpRoute.Response(204, "text/plain", new byte[0]));
    }

    /// The commands in the address, or else in the body; null where neither has any.
    private static byte @Nullable [] asked(FullHttpRequest request, QueryStringDecoder address) {
        List<String> inAddress = address.parameters().get("cf_connect");
        if (inAddress != null) {
            return inAddress.getLast().getBytes(StandardCharsets.UTF_8);
        }
        byte[] body = ByteBufUtil.getBytes(request.content());
        return body.length == 0 ? null : body;
    }

    private static boolean has(QueryStringDecoder address, String name, String value) {
        return address.parameters().getOrDefault(name, List.of()).contains(value);
    }

    private boolean isOriginAllowed(FullHttpRequest request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin == null
                || site.allowedOrigins().contains(origin)
                || site.allowedOrigins().contains("*")) {
            return true;
        }
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null
                    && authority.equalsIgnoreCase(request.headers().get(HttpHeaderNames.HOST));
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }

    /// Lets a page of another origin read the answer, if it may connect.
    private void allowOrigin(FullHttpRequest request, HttpHeaders headers) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin != null && isOriginAllowed(request)) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS")
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type")
                    .set(HttpHeaderNames.VARY, "Origin");
        }
    }

    private void answer(
            ChannelHandlerContext context,
            FullHttpRequest request,
            HttpRoute route,
            QueryStringDecoder address) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        var query = new HashMap<String, String>();
        address.parameters().forEach((name, values) -> query.put(name, values.getLast()));
        var headers = new HashMap<String, String>();
        request.headers()
                .forEach(header ->
                        headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        route.handler()
                .apply(
                        new HttpRoute.Request(
                                query, headers, ByteBufUtil.getBytes(request.content())))
                .whenCompleteAsync(
                        (response, failure) -> {
                            if (failure != null) {
                                log.error("{} {} failed", route.method(), route.path(), failure);
                            }
                            write(
                                    context,
                                    failure == null
                                            ? response
                                            : HttpRoute.Response.text(500, "Internal error."),
                                    EmptyHttpHeaders.INSTANCE,
                                    "no-store",
                                    keepAlive);
                        },
                        context.executor());
    }

    private void answer(
            ChannelHandlerContext context, FullHttpRequest request, HttpRoute.Response response) {
        HttpHeaders extra = new DefaultHttpHeaders();
        allowOrigin(request, extra);
        write(context, response, extra, "no-store", HttpUtil.isKeepAlive(request));
    }

    private void answerFile(ChannelHandlerContext context, FullHttpRequest request, String path) {
        Optional<StaticFiles.File> file =
                request.method().equals(HttpMethod.GET) && site.files() != null
                        ? site.files().find(path)
                        : Optional.empty();
        if (file.isEmpty()) {
            write(
                    context,
                    HttpRoute.Response.text(404, "There is nothing here."),
                    EmptyHttpHeaders.INSTANCE,
                    "no-store",
                    HttpUtil.isKeepAlive(request));
            return;
        }
        write(
                context,
                new HttpRoute.Response(200, file.get().contentType(), file.get().bytes()),
                EmptyHttpHeaders.INSTANCE,
                file.get().isImmutable() ? "public, max-age=31536000, immutable" : "no-cache",
                HttpUtil.isKeepAlive(request));
    }

    private static void write(
            ChannelHandlerContext context,
            HttpRoute.Response response,
            HttpHeaders extra,
            String caching,
            boolean keepAlive) {
        var message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        Unpooled.wrappedBuffer(response.body()));
        message.headers()
                .set(extra)
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, caching)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Content-Security-Policy", CONTENT_POLICY);
        if (response.status() != HttpResponseStatus.NO_CONTENT.code()) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        }
        if (keepAlive) {
            context.writeAndFlush(message, context.voidPromise());
        } else {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static String path(QueryStringDecoder address) {
        try {
            return address.path();
        } catch (IllegalArgumentException undecodable) {
            return "";
        }
    }
}
