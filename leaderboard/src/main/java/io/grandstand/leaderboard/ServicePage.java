package io.grandstand.leaderboard;

/// A page that the program around the service puts on its port.
public record ServicePage(int status, String contentType, String body) {}
