package io.grandstand.gateway.auth;

import io.grandstand.gateway.auth.Capabilities.Grant;
import io.grandstand.gateway.auth.Capabilities.Match;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The claims of one token, checked for their types but not yet for what they say. Claims that are
/// not known here are ignored.
final class ClaimFields {
    final Kind kind;
    String player = "";
    @Nullable String issuer;
    List<String> audience = List.of();
    @Nullable Instant expiresAt;
    @Nullable Instant notBefore;
    @Nullable Instant issuedAt;

    private @Nullable Instant endsAt;
    private AppData info = AppData.NONE;
    private @Nullable AppData binaryInfo;

    // Of connections.
    private List<String> channels = List.of();
    private final Map<String, ServerSubscription> subs = new HashMap<>();
    private Capabilities caps = Capabilities.NONE;

    // Of subscriptions.
    private String channel = "";
    private @Nullable String client;
    private Overrides overrides = Overrides.NONE;
    private Set<Capability> allow = Set.of();

    /// What a token is for: each kind has claims that mean nothing in the other.
    enum Kind {
        CONNECTION,
        SUBSCRIPTION
    }

    private ClaimFields(Kind kind) {
        this.kind = kind;
    }

    static ClaimFields parse(Kind kind, String json) throws ClaimException {
        var claims = new ClaimFields(kind);
        try (var parser = new ClaimParser(json)) {
            parser.object("", claim -> claims.read(claim, parser));
            parser.end();
        } catch (IOException notJson) {
            throw new ClaimException("the payload is not JSON, or has a claim twice");
        }
        if (kind == Kind.SUBSCRIPTION && claims.channel.isEmpty()) {
            throw new ClaimException("claim channel is missing");
        }
        return claims;
    }

    ConnectionClaims toConnection() {
        return new ConnectionClaims(player, issuedAt, end(), info(), channels, subs, caps);
    }

    SubscriptionClaims toSubscription() {
        var allowed = EnumSet.of(Capability.SUBSCRIBE);
        allowed.addAll(allow);
        return new SubscriptionClaims(
                player, channel, client, issuedAt, end(), info(), overrides, allowed);
    }

    /// When the connection or subscription ends; null for never.
    @Nullable Instant end() {
        if (endsAt == null) {
            return expiresAt;
        }
        return endsAt.equals(Instant.EPOCH) ? null : endsAt;
    }

    private AppData info() {
        return binaryInfo == null ? info : binaryInfo;
    }

    private void read(String claim, ClaimParser parser) throws IOException, ClaimException {
        switch (claim) {
            case "sub" -> player = parser.text(claim);
            case "iss" -> issuer = parser.text(claim);
            case "aud" -> audience = parser.oneOrMoreTexts(claim);
            case "exp" -> expiresAt = parser.instant(claim);
            case "nbf" -> notBefore = parser.instant(claim);
            case "iat" -> issuedAt = parser.instant(claim);
            case "expire_at" -> endsAt = parser.instant(claim);
            case "info" -> info = AppData.ofJson(parser.raw());
            case "b64info" -> binaryInfo = AppData.ofBytes(parser.base64(claim));
            default -> {
                switch (kind) {
                    case CONNECTION -> readOfConnection(claim, parser);
                    case SUBSCRIPTION -> readOfSubscription(claim, parser);
                }
            }
        }
    }

    private void readOfConnection(String claim, ClaimParser parser)
            throws IOException, ClaimException {
        switch (claim) {
            case "channel" ->
                    throw new ClaimException("claim channel stands in no connection's token");
            case "channels" -> channels = parser.list(claim, () -> channel(claim, parser));
            case "subs" ->
                    parser.object(
                            claim,
                            name -> {
                                if (name.isEmpty()) {
                                    throw new ClaimException("claim subs has an empty channel");
                                }
                                subs.put(name, serverSubscription(parser));
                            });
            case "caps" -> caps = Capabilities.of(parser.list(claim, () -> grant(parser)));
            default -> parser.skip();
        }
    }

    private void readOfSubscription(String claim, ClaimParser parser)
            throws IOException, ClaimException {
        switch (claim) {
            case "channel" -> channel = channel(claim, parser);
            case "client" -> client = parser.text(claim);
            case "override" -> overrides = overrides(claim, parser);
            case "allow" -> allow = capabilities(claim, parser);
            default -> parser.skip();
        }
    }

    private static String channel(String claim, ClaimParser parser)
            throws IOException, ClaimException {
        String channel = parser.text(claim);
        if (channel.isEmpty()) {
            throw new ClaimException("claim " + claim + " has an empty channel");
        }
        return channel;
    }

    private static ServerSubscription serverSubscription(ClaimParser parser)
            throws IOException, ClaimException {
        var fields =
                new Object() {
                    AppData info = AppData.NONE;
                    @Nullable AppData binaryInfo;
                    AppData data = AppData.NONE;
                    @Nullable AppData binaryData;
                    Overrides overrides = Overrides.NONE;
                };
        parser.object(
                "subs",
                field -> {
                    String path = "subs." + field;
                    switch (field) {
                        case "info" -> fields.info = AppData.ofJson(parser.raw());
                        case "b64info" -> fields.binaryInfo = AppData.ofBytes(parser.base64(path));
                        case "data" -> fields.data = AppData.ofJson(parser.raw());
                        case "b64data" -> fields.binaryData = AppData.ofBytes(parser.base64(path));
                        case "override" -> fields.overrides = overrides(path, parser);
                        default -> parser.skip();
                    }
                });
        return new ServerSubscription(
                fields.binaryInfo == null ? fields.info : fields.binaryInfo,
                fields.binaryData == null ? fields.data : fields.binaryData,
                fields.overrides);
    }

    private static Overrides overrides(String claim, ClaimParser parser)
            throws IOException, ClaimException {
        var flags = new HashMap<String, Boolean>();
        parser.object(
                claim,
                flag -> {
                    switch (flag) {
                        case "presence",
                                "join_leave",
                                "force_recovery",
                                "force_positioning",
                                "force_push_join_leave" ->
                                flags.put(flag, value(claim + "." + flag, parser));
                        default -> parser.skip();
                    }
                });
        return new Overrides(
                flags.get("presence"),
                flags.get("join_leave"),
                flags.get("force_recovery"),
                flags.get("force_positioning"),
                flags.get("force_push_join_leave"));
    }

    /// `{"value":true}`
    private static boolean value(String claim, ClaimParser parser)
            throws IOException, ClaimException {
        var values = new HashMap<String, Boolean>();
        parser.object(
                claim,
                field -> {
                    if (field.equals("value")) {
                        values.put(field, parser.bool(claim + ".value"));
                    } else {
                        parser.skip();
                    }
                });
        Boolean value = values.get("value");
        if (value == null) {
            throw new ClaimException("claim " + claim + ".value is missing");
        }
        return value;
    }

    private static Grant grant(ClaimParser parser) throws IOException, ClaimException {
        var fields =
                new Object() {
                    List<String> channels = List.of();
                    Match match = Match.EXACT;
                    Set<Capability> allow = Set.of();
                };
        parser.object(
                "caps",
                field -> {
                    switch (field) {
                        case "channels" -> fields.channels = parser.texts("caps.channels");
                        case "match" -> fields.match = match(parser.text("caps.match"));
                        case "allow" -> fields.allow = capabilities("caps.allow", parser);
                        default -> parser.skip();
                    }
                });
        return new Grant(fields.channels, fields.match, fields.allow);
    }

    private static Match match(String name) throws ClaimException {
        return switch (name) {
            case "" -> Match.EXACT;
            case "wildcard" -> Match.WILDCARD;
            case "regex" -> Match.REGEX;
            default -> throw new ClaimException("claim caps.match is not wildcard or regex");
        };
    }

    private static Set<Capability> capabilities(String claim, ClaimParser parser)
            throws IOException, ClaimException {
        var capabilities = EnumSet.noneOf(Capability.class);
        for (String name : parser.texts(claim)) {
            Capability capability = Capability.find(name);
            if (capability != null) {
                capabilities.add(capability);
            }
        }
        return capabilities;
    }
}
