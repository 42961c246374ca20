package io.grandstand.gateway.auth;

import org.jspecify.annotations.Nullable;

/// What a token may allow on a channel.
public enum Capability {
    SUBSCRIBE("sub"),
    PUBLISH("pub"),
    PRESENCE("prs"),
    HISTORY("hst");

    private final String claim;

    Capability(String claim) {
        this.claim = claim;
    }

    /// The capability of that name in a token, or null where there is none: what is unknown here
    /// allows nothing.
    static @Nullable Capability find(String claim) {
        for (Capability capability : values()) {
            if (capability.claim.equals(claim)) {
                return capability;
            }
        }
        return null;
    }
}
