package io.grandstand.gateway;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where every connection comes in as HTTP: turns it into a WebSocket session, or answers it from a
/// route or a file. One per connection, confined to its event loop.
// A write that fails closes the connection: its future tells nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class FrontDoor extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);

    static final String WEBSOCKET_PATH = "/connection/websocket";

    private static final String SUBPROTOCOL = "centrifuge-json";

    private static final String CONTENT_POLICY =
            "default-src 'self'; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline';"
                    + " img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'";

    private final Site site;

    /// What is served.
    ///
    /// @param session makes the session of a connection that became a WebSocket, given its id
    record Site(
            List<HttpRoute> routes,
            @Nullable StaticFiles files,
            Set<String> allowedOrigins,
            BiFunction<ChannelHandlerContext, String, Session> session) {}

    FrontDoor(Site site) {
        this.site = site;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            answer(context, request, HttpRoute.Response.text(400, "The request is not HTTP."));
            return;
        }
        String path = path(request);
        if (path.equals(WEBSOCKET_PATH)) {
            upgrade(context, request);
            return;
        }
        for (HttpRoute route : site.routes()) {
            if (route.path().equals(path) && route.method().equals(request.method().name())) {
                answer(context, request, route);
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

    private void upgrade(ChannelHandlerContext context, FullHttpRequest request) {
        if (!isOriginAllowed(request)) {
            answer(
                    context,
                    request,
                    HttpRoute.Response.text(
                            403, "This origin may not connect; see the allowed origins."));
            return;
        }
        String asked = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (asked != null && !asked.contains(SUBPROTOCOL)) {
            answer(
                    context,
                    request,
                    HttpRoute.Response.text(
                            400, "The one subprotocol here is " + SUBPROTOCOL + "."));
            return;
        }
        var factory =
                new WebSocketServerHandshakerFactory(
                        "", SUBPROTOCOL, false, GatewayConfig.Limits.FRAME_BYTES_MAX);
        WebSocketServerHandshaker handshaker = factory.newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel());
            return;
        }
        try {
            var _ = handshaker.handshake(context.channel(), request);
        } catch (WebSocketHandshakeException notAHandshake) {
            answer(
                    context,
                    request,
                    HttpRoute.Response.text(400, "This path speaks WebSocket only."));
            return;
        }
        var pipeline = context.pipeline();
        pipeline.remove(GatewayServer.HTTP_IDLE);
        pipeline.addLast(new WebSocketFrameAggregator(GatewayConfig.Limits.FRAME_BYTES_MAX));
        String id = java.util.UUID.randomUUID().toString();
        ChannelHandlerContext aggregator = pipeline.lastContext();
        pipeline.addLast("session", site.session().apply(aggregator, id));
        pipeline.remove(this);
    }

    private boolean isOriginAllowed(FullHttpRequest request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin == null || site.allowedOrigins().contains(origin)) {
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

    private void answer(ChannelHandlerContext context, FullHttpRequest request, HttpRoute route) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        route.handler()
                .apply(ByteBufUtil.getBytes(request.content()))
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
                                    "no-store",
                                    keepAlive);
                        },
                        context.executor());
    }

    private void answer(
            ChannelHandlerContext context, FullHttpRequest request, HttpRoute.Response response) {
        write(context, response, "no-store", HttpUtil.isKeepAlive(request));
    }

    private void answerFile(ChannelHandlerContext context, FullHttpRequest request, String path) {
        Optional<StaticFiles.File> file =
                request.method().equals(HttpMethod.GET) && site.files() != null
                        ? site.files().find(path)
                        : Optional.empty();
        if (file.isEmpty()) {
            answer(context, request, HttpRoute.Response.text(404, "There is nothing here."));
            return;
        }
        write(
                context,
                new HttpRoute.Response(200, file.get().contentType(), file.get().bytes()),
                file.get().isImmutable() ? "public, max-age=31536000, immutable" : "no-cache",
                HttpUtil.isKeepAlive(request));
    }

    private static void write(
            ChannelHandlerContext context,
            HttpRoute.Response response,
            String caching,
            boolean keepAlive) {
        var message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        Unpooled.wrappedBuffer(response.body()));
        message.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, response.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, caching)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Content-Security-Policy", CONTENT_POLICY);
        if (keepAlive) {
            context.writeAndFlush(message, context.voidPromise());
        } else {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static String path(FullHttpRequest request) {
        try {
            return new QueryStringDecoder(request.uri()).path();
        } catch (IllegalArgumentException undecodable) {
            return "";
        }
    }
}
