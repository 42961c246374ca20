package io.grandstand.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// Files of a web page, read from the class path once and kept. Thread-safe.
public final class StaticFiles {
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "svg", "image/svg+xml",
                    "png", "image/png",
                    "json", "application/json",
                    "webmanifest", "application/manifest+json",
                    "txt", "text/plain; charset=utf-8");

    /// Plain names alone: no way out of the folder, no hidden files.
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");

    private final String folder;
    private final Map<String, Optional<File>> files = new ConcurrentHashMap<>();

    /// Serves the class path resources below `folder`, such as `web`.
    public StaticFiles(String folder) {
        this.folder = folder;
    }

    /// One file.
    ///
    /// @param isImmutable whether its name changes with its content, so that it may be kept for
    ///   ever
    record File(String contentType, byte[] bytes, boolean isImmutable) {}

    /// The file behind a path; `/` is `index.html`. Reads it on first use, which is short enough
    /// for an event loop: a page has a handful of files.
    Optional<File> find(String path) {
        String name = path.equals("/") ? "/index.html" : path;
        if (!PATH.matcher(name).matches() || name.length() > 200) {
            return Optional.empty();
        }
        Optional<File> known = files.get(name);
        if (known != null) {
            return known;
        }
        Optional<File> read = read(name);
        // What does not exist is not remembered: anybody could fill the memory with names.
        read.ifPresent(_ -> files.put(name, read));
        return read;
    }

    private Optional<File> read(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream in =
                StaticFiles.class.getClassLoader().getResourceAsStream(folder + name)) {
            if (in == null) {
                return Optional.empty();
            }
            return Optional.of(new File(type, in.readAllBytes(), name.startsWith("/assets/")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
