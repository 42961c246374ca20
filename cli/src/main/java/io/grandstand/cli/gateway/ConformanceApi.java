package io.grandstand.cli.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grandstand.gateway.Gateway;
import io.grandstand.gateway.HttpRoute;
import io.grandstand.gateway.HttpRoute.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The server API that the SDKs' own test suites use: publish, tell a channel's position, end
/// connections and subscriptions. Asks nobody who they are, so it is for the conformance profile
/// alone. Thread-safe.
final class ConformanceApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What a disconnect says unless it is told otherwise.
    private static final int FORCE_DISCONNECT = 3503;

    private volatile @Nullable Gateway gateway;

    /// The gateway to act on; calls before are answered with 503.
    void attach(Gateway started) {
        gateway = started;
    }

    List<HttpRoute> routes() {
        return List.of(
                route("publish", this::publish),
                route("history", this::history),
                route("disconnect", this::disconnect),
                route("unsubscribe", this::unsubscribe));
    }

    /// One call: what is asked, and the fields of the result.
    private interface Call {
        CompletionStage<ObjectNode> run(Gateway gateway, JsonNode asked);
    }

    private HttpRoute route(String name, Call call) {
        return new HttpRoute("POST", "/api/" + name, request -> answer(request, call));
    }

    private CompletionStage<Response> answer(HttpRoute.Request request, Call call) {
        Gateway started = gateway;
        if (started == null) {
            return refuse(503, "The gateway is starting.");
        }
        try {
            JsonNode asked = JSON.readTree(request.body());
            return call.run(started, asked)
                    .thenApply(result -> {
                        ObjectNode envelope = JSON.createObjectNode();
                        envelope.set("result", result);
                        return Response.json(200, bytes(envelope));
                    });
        } catch (IOException notJson) {
            return refuse(400, "The body is not JSON.");
        } catch (IllegalArgumentException wrong) {
            return refuse(400, "A field is missing, or there is no such channel.");
        }
    }

    private CompletionStage<ObjectNode> publish(Gateway gateway, JsonNode asked) {
        return gateway.publish(text(asked, "channel"), bytes(field(asked, "data")))
                .thenApply(acknowledged -> {
                    if (!acknowledged) {
                        throw new IllegalStateException("Kafka did not acknowledge");
                    }
                    return JSON.createObjectNode();
                });
    }

    private CompletionStage<ObjectNode> history(Gateway gateway, JsonNode asked) {
        return gateway.position(text(asked, "channel"))
                .thenApply(position ->
                        JSON.createObjectNode()
                                .put("offset", position.offset())
                                .put("epoch", position.epoch()));
    }

    private CompletionStage<ObjectNode> disconnect(Gateway gateway, JsonNode asked) {
        JsonNode how = asked.path("disconnect");
        gateway.disconnect(
                text(asked, "user"),
                how.path("code").asInt(FORCE_DISCONNECT),
                how.path("reason").asText("force disconnect"));
        return CompletableFuture.completedStage(JSON.createObjectNode());
    }

    private CompletionStage<ObjectNode> unsubscribe(Gateway gateway, JsonNode asked) {
        gateway.unsubscribe(text(asked, "user"), text(asked, "channel"));
        return CompletableFuture.completedStage(JSON.createObjectNode());
    }

    private static String text(JsonNode asked, String name) {
        return field(asked, name).asText();
    }

    private static JsonNode field(JsonNode asked, String name) {
        JsonNode value = asked.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static CompletionStage<Response> refuse(int status, String sentence) {
        return CompletableFuture.completedStage(Response.text(status, sentence));
    }
}
