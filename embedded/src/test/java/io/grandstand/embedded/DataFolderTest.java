package io.grandstand.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    private static final UsableSpace ENOUGH = _ -> UsableSpace.BYTES_MIN;

    @TempDir Path temp;

    @Test
    void aMissingFolderIsMadeAndKeepsItsClusterId() throws IOException {
        Path data = temp.resolve("some/where");
        open(data);
        String first = Files.readString(meta(data));
        open(data);
        assertThat(Files.readString(meta(data))).isEqualTo(first).contains("cluster.id=");
    }

    @Test
    void aFullDiskIsSaid() {
        check(
                temp,
                _ -> UsableSpace.BYTES_MIN - 1,
                "The disk that holds %s has 199 MB left, the broker needs 200 MB: free some space,"
                        + " or name a folder on another disk.");
    }

    @Test
    void aDiskThatCannotBeReadIsSaid() {
        check(
                temp,
                _ -> {
                    throw new IOException("Input/output error");
                },
                "The data folder %s cannot be written: Input/output error. Check its owner and"
                        + " rights, or name another folder.");
    }

    @Test
    void aFolderBelowAFileCannotBeWritten() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> DataFolder.open(file.resolve("data"), ENOUGH))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageStartingWith(
                        "The data folder %s/data cannot be written: ".formatted(file))
                .hasMessageEndingWith(" Check its owner and rights, or name another folder.");
    }

    @Test
    void aFolderThatHoldsSomethingElseIsLeftAlone() throws IOException {
        Files.createFile(temp.resolve("diary.txt"));
        check(
                temp,
                ENOUGH,
                "The data folder %s holds something else (diary.txt): name an empty or new"
                        + " folder.");
        assertThat(temp).isDirectoryContaining("glob:**/diary.txt");
        try (var files = Files.list(temp)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void anotherClustersDataIsLeftAlone() throws IOException {
        open(temp);
        Files.writeString(meta(temp), "version=1\ncluster.id=x\nnode.id=7\ndirectory.id=y\n");
        check(
                temp,
                ENOUGH,
                "The data folder %s belongs to node 7 of another Kafka cluster: name another"
                        + " folder.");
    }

    @Test
    void unreadableMetaPropertiesAreSaid() throws IOException {
        open(temp);
        Files.delete(meta(temp));
        Files.createDirectory(meta(temp));
        check(
                temp,
                ENOUGH,
                "The data folder %s is broken: kafka/meta.properties cannot be read. Restore it"
                        + " from a copy, or move the folder away to start afresh.");
    }

    @Test
    void lostMetaPropertiesAreSaid() throws IOException {
        open(temp);
        Files.delete(meta(temp));
        check(
                temp,
                ENOUGH,
                "The data folder %s is broken: kafka/meta.properties cannot be read. Restore it"
                        + " from a copy, or move the folder away to start afresh.");
    }

    @Test
    void metaPropertiesOfZeroesAreSaid() throws IOException {
        open(temp);
        Files.write(meta(temp), new byte[100]);
        check(
                temp,
                ENOUGH,
                "The data folder %s is broken: kafka/meta.properties is not what Kafka wrote."
                        + " Restore it from a copy, or move the folder away to start afresh.");
    }

    @Test
    void lostClusterMetadataIsSaid() throws IOException {
        open(temp);
        Files.createDirectory(temp.resolve("kafka/answer-0"));
        check(
                temp,
                ENOUGH,
                "The data folder %s is broken: kafka/__cluster_metadata-0 is missing. Restore it"
                        + " from a copy, or move the folder away to start afresh.");
    }

    @Test
    void aForeignFolderAmongTheTopicsIsSaid() throws IOException {
        open(temp);
        Files.createDirectory(temp.resolve("kafka/holiday photos"));
        check(
                temp,
                ENOUGH,
                "The data folder %s holds a folder that is not the broker's (kafka/holiday photos):"
                        + " move that elsewhere.");
    }

    @Test
    void foldersOfTopicsThatAreBeingDeletedAreTheBrokers() throws IOException {
        open(temp);
        for (String folder :
                List.of(
                        "__cluster_metadata-0",
                        "answer-3",
                        "quiz-store-changelog-11",
                        "answer-0.6f1c7d2b0a9e4c55b1f2a3d4c5e6f708-delete")) {
            Files.createDirectory(temp.resolve("kafka").resolve(folder));
        }
        open(temp);
    }

    @Test
    void aFolderWhoseFirstStartWasInterruptedIsPreparedAgain() throws IOException {
        Path half = Files.createDirectories(temp.resolve("kafka.new"));
        Files.createFile(half.resolve("meta.properties.tmp"));
        open(temp);
        assertThat(meta(temp)).isRegularFile();
        assertThat(half).doesNotExist();
    }

    @Test
    void aFailedOpenLeavesTheFolderUnlocked() throws IOException {
        assertThatThrownBy(() -> DataFolder.open(temp, _ -> 0))
                .isInstanceOf(BrokerStartException.class);
        open(temp);
    }

    @Test
    void aFolderIsLockedWithinTheProcessToo() {
        var folder = DataFolder.open(temp, ENOUGH);
        check(
                temp,
                ENOUGH,
                ("Process %d already runs a broker on the data folder %%s: stop it, or "
                                + "name another folder.")
                        .formatted(ProcessHandle.current().pid()));
        folder.close();
    }

    private static void open(Path path) {
        DataFolder.open(path, ENOUGH).close();
    }

    private static Path meta(Path data) {
        return data.resolve("kafka/meta.properties");
    }

    private static void check(Path path, UsableSpace space, String sentence) {
        assertThatThrownBy(() -> DataFolder.open(path, space))
                .isInstanceOf(BrokerStartException.class)
                .hasMessage(sentence.formatted(path));
    }
}
