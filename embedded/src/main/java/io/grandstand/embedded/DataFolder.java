package io.grandstand.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/// The folder that a broker keeps everything in, locked for this process while open.
///
/// ```
/// <folder>/broker.lock   held locked by the running broker; its text is the broker's process id
/// <folder>/kafka/        Kafka's own: meta.properties, topics, cluster metadata
/// <folder>/kafka.new/    the same, half written; whoever finds it deletes it
/// ```
final class DataFolder implements AutoCloseable {
    /// The only node of its cluster.
    static final int NODE_ID = 1;

    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final String LOCK = "broker.lock";
    private static final String KAFKA = "kafka";
    private static final String KAFKA_NEW = "kafka.new";
    private static final String META_PROPERTIES = "meta.properties";

    private static final String CLUSTER_METADATA = "__cluster_metadata-0";

    /// `answer-3`; with a suffix while it is being moved or deleted.
    private static final Pattern TOPIC_FOLDER =
            Pattern.compile(".+-\\d+(\\.[0-9a-f]+-(delete|future|stray))?");

    /// The locked byte lies far behind the text: where locks are mandatory, others can read the
    /// text all the same.
    private static final long LOCKED_BYTE = 1 << 20;

    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /// Locks the folder, checks it and, where it is new, prepares it for a broker.
    ///
    /// @throws BrokerStartException if a broker could not live in it
    static DataFolder open(Path path, UsableSpace space) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
        } catch (IOException e) {
            throw unwritable(absolute, e);
        }
        requireNothingElse(absolute);
        var folder = new DataFolder(absolute, lock(absolute));
        try {
            folder.requireSpace(space);
            folder.requireOwnFormat();
            return folder;
        } catch (IOException e) {
            folder.close();
            throw unwritable(absolute, e);
        } catch (BrokerStartException e) {
            folder.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    Path kafka() {
        return path.resolve(KAFKA);
    }

    boolean isThere() {
        return Files.isReadable(kafka().resolve(META_PROPERTIES));
    }

    /// Lets another process have the folder.
    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireNothingElse(Path path) {
        Set<String> own = Set.of(LOCK, KAFKA, KAFKA_NEW);
        try (Stream<Path> entries = Files.list(path)) {
            List<String> others =
                    entries.map(entry -> entry.getFileName().toString())
                            .filter(name -> !own.contains(name))
                            .sorted()
                            .toList();
            if (!others.isEmpty() && !Files.exists(path.resolve(KAFKA))) {
                throw new BrokerStartException(
                        "The data folder %s holds something else (%s): name an empty or new folder."
                                .formatted(path, others.getFirst()),
                        null);
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static FileChannel lock(Path path) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            path.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String owner = text(channel);
                channel.close();
                throw new BrokerStartException(
                        ("Process %s already runs a broker on the data folder %s: stop "
                                        + "it, or name another folder.")
                                .formatted(owner.isEmpty() ? "(unknown)" : owner, path),
                        null);
            }
            channel.truncate(0);
            channel.write(StandardCharsets.UTF_8.encode("" + ProcessHandle.current().pid()), 0);
            return channel;
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String text(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
    }

    private void requireSpace(UsableSpace space) throws IOException {
        long usable = space.bytes(path);
        if (usable < UsableSpace.BYTES_MIN) {
            throw new BrokerStartException(
                    ("The disk that holds %s has %d MB left, the broker needs %d MB: free "
                                    + "some space, or name a folder on another disk.")
                            .formatted(path, usable >> 20, UsableSpace.BYTES_MIN >> 20),
                    null);
        }
    }

    private void requireOwnFormat() throws IOException {
        delete(path.resolve(KAFKA_NEW));
        if (!Files.exists(kafka())) {
            format();
            return;
        }
        Path metaFile = kafka().resolve(META_PROPERTIES);
        var meta = new Properties();
        try (Reader reader = Files.newBufferedReader(metaFile)) {
            meta.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw broken(META_PROPERTIES, "cannot be read", e);
        }
        if (!"1".equals(meta.getProperty("version")) || meta.getProperty("cluster.id") == null) {
            throw broken(META_PROPERTIES, "is not what Kafka wrote", null);
        }
        if (!String.valueOf(NODE_ID).equals(meta.getProperty("node.id"))) {
            throw new BrokerStartException(
                    ("The data folder %s belongs to node %s of another Kafka cluster: "
                                    + "name another folder.")
                            .formatted(path, meta.getProperty("node.id")),
                    null);
        }
        requireTopicsOnly();
    }

    /// Kafka would end the process over a folder that is no topic's, and quietly set aside all
    /// topics where it lacks the record of them.
    private void requireTopicsOnly() throws IOException {
        List<String> folders;
        try (Stream<Path> entries = Files.list(kafka())) {
            folders =
                    entries.filter(Files::isDirectory)
                            .map(entry -> entry.getFileName().toString())
                            .sorted()
                            .toList();
        }
        for (String folder : folders) {
            if (!TOPIC_FOLDER.matcher(folder).matches()) {
                throw new BrokerStartException(
                        ("The data folder %s holds a folder that is not the broker's "
                                        + "(%s/%s): move that elsewhere.")
                                .formatted(path, KAFKA, folder),
                        null);
            }
        }
        if (!folders.isEmpty() && !folders.contains(CLUSTER_METADATA)) {
            throw broken(CLUSTER_METADATA, "is missing", null);
        }
    }

    /// Writes aside and renames, so that a crash leaves either nothing or the whole.
    private void format() throws IOException {
        Path fresh = Files.createDirectory(path.resolve(KAFKA_NEW));
        try {
            new Formatter()
                    .setPrintStream(
                            new PrintStream(
                                    OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(CONTROLLER_LISTENER)
                    .addDirectory(fresh.toString())
                    .setMetadataLogDirectory(fresh.toString())
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            // Formatter declares Exception and documents none; all it does is write files.
            throw new IOException(e.getMessage(), e);
        }
        Files.move(fresh, kafka(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private BrokerStartException broken(String what, String how, @Nullable Throwable cause) {
        return new BrokerStartException(
                ("The data folder %s is broken: %s/%s %s. Restore it from a copy, or move "
                                + "the folder away to start afresh.")
                        .formatted(path, KAFKA, what, how),
                cause);
    }

    private static BrokerStartException unwritable(Path path, IOException e) {
        return new BrokerStartException(
                ("The data folder %s cannot be written: %s. Check its owner and rights, "
                                + "or name another folder.")
                        .formatted(path, reason(e)),
                e);
    }

    /// A file system's exceptions often have no text but their type's name.
    private static String reason(IOException e) {
        String name = e.getClass().getSimpleName().replaceAll("(FileSystem)?Exception$", "");
        if (e instanceof FileSystemException at) {
            return at.getReason() == null
                    ? "%s (%s)".formatted(at.getFile(), name)
                    : "%s (%s)".formatted(at.getFile(), at.getReason());
        }
        return e.getMessage() == null ? name : e.getMessage();
    }
}
