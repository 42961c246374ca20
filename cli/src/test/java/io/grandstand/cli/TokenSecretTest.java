package io.grandstand.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSecretTest {
    @Test
    void theSecretIsMadeOnceAndItsOwnersAlone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new/token-secret");
        byte[] first = TokenSecret.readOrCreate(file);
        assertThat(first).hasSize(32);
        assertThat(TokenSecret.readOrCreate(file)).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aBrokenSecretIsToldWithWhatToDo(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token-secret"), "c2hvcnQ=");
        assertThatThrownBy(() -> TokenSecret.readOrCreate(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("it is too short")
                .hasMessageContaining("remove it");
    }
}
