package io.grandstand.gateway;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Who may do something with a channel by the namespace's rule alone.
final class Permissions {
    private Permissions() {}

    /// Whether the rule lets `player` in; `key` is the channel's record key, null where it has
    /// none. An anonymous player owns nothing.
    static boolean allow(Namespace.Permission rule, Session.Player player, byte @Nullable [] key) {
        return switch (rule) {
            case ANY -> true;
            case OWN -> player.key().length > 0 && Arrays.equals(key, player.key());
            case NONE -> false;
        };
    }
}
