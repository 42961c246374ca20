package io.grandstand.cli;

import io.grandstand.cricket.Asking;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What the demo runs with.
///
/// @param port port of the page and the WebSocket, on all addresses; 0 takes any free one
/// @param data folder for everything that survives a restart
/// @param speed what the gaps between balls are divided by
/// @param answerWindow how long a question takes answers if the ball does not come first
/// @param asking how a match's questions count
/// @param match a recorded match to play
/// @param quiz a quiz to ask; with neither, matches are simulated one after the other
/// @param bots how many bots play along
/// @param seed makes the simulated matches and the bots what they are
/// @param kafka client settings of an external cluster; empty to run a broker in the process
record DemoConfig(
        int port,
        Path data,
        double speed,
        Duration answerWindow,
        Asking asking,
        Optional<Path> match,
        Optional<Path> quiz,
        int bots,
        long seed,
        Optional<Map<String, Object>> kafka) {}
