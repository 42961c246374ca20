package io.grandstand.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/// A random secret that is kept in a file of its own.
final class SecretFile {
    /// As many bytes as the widest of the keys made from it.
    private static final int BYTES = 32;

    private SecretFile() {}

    /// What the file says, blanks around it left out. Where there is no file, one is made that its
    /// owner alone can read, with 32 random bytes in Base64.
    static String readOrCreate(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        String secret = Base64.getEncoder().encodeToString(bytes);
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, secret + "\n", StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return secret;
    }
}
