package io.grandstand.cricket;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The real matches beside the repository. They are not part of it, so a test that wants them is
/// skipped where they are absent, and says so.
final class RealData {
    private RealData() {}

    static Path file(String name) {
        var folder = System.getProperty("grandstand.data", "");
        var file = Path.of(folder, name);
        boolean present = !folder.isEmpty() && Files.exists(file);
        String absent =
                "NOT TESTED: real match data '%s' is absent; its folder is -Dgrandstand.data=DIR"
                        .formatted(name);
        if (!present) {
            // Build tools count skipped tests but do not say why.
            System.err.println(absent);
        }
        assumeTrue(present, absent);
        return file;
    }

    static List<Path> matches() throws IOException {
        try (var files = Files.walk(file("cricket/matches"))) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    static Path scoreFeed() {
        return file("betting/cricket-ned-png-score.ccm.jsonl");
    }

    static Match match(Path file) throws MatchFileException {
        return Cricsheet.match(Place.parse(file, "", Place.readText(file)));
    }
}
