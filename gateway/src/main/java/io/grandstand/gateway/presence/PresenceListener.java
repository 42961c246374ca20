package io.grandstand.gateway.presence;

/// Hears who comes to and goes from a channel, on whatever node; called on the presence thread,
/// must not block.
public interface PresenceListener {
    void joined(Member member);

    void left(Member member);
}
