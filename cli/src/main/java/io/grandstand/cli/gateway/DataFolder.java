package io.grandstand.cli.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a program keeps its data: a folder of somebody's, or one that goes with the program.
///
/// @param isTemporary whether closing deletes it
record DataFolder(Path path, boolean isTemporary) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataFolder.class);

    static DataFolder keep(Path path) {
        return new DataFolder(path, false);
    }

    static DataFolder temporary() throws IOException {
        return new DataFolder(Files.createTempDirectory("grandstand"), true);
    }

    @Override
    public void close() {
        if (!isTemporary) {
            return;
        }
        try (Stream<Path> inside = Files.walk(path)) {
            List<Path> deepestFirst = inside.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("the temporary folder {} is not deleted", path, e);
        }
    }
}
