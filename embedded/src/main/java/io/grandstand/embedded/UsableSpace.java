package io.grandstand.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How many bytes may still be written to the disk that holds a folder.
@FunctionalInterface
interface UsableSpace {
    /// A broker with less than this stops soon after it started, in the middle of something.
    long BYTES_MIN = 200L << 20;

    UsableSpace OF_THE_DISK = folder -> Files.getFileStore(folder).getUsableSpace();

    long bytes(Path folder) throws IOException;
}
