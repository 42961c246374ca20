package io.grandstand.events;

/// A player asks for a board and the own place on it. Topic `gettop`, keyed by the asking player.
public record TopRequest(String board) {
    public TopRequest {
        Check.id("board", board);
    }
}
