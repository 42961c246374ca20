package io.grandstand.cricket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value inside a JSON file that remembers where it stands, so that an error can say so.
record Place(Path file, String path, JsonNode value) {
    /// Larger files are no matches: the longest real ones have about 2 MB.
    private static final long FILE_BYTES_MAX = 64 << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    static String readText(Path file) throws MatchFileException {
        try {
            if (!Files.isRegularFile(file)) {
                throw new MatchFileException(
                        file, Files.exists(file) ? "is not a file" : "does not exist");
            }
            long bytes = Files.size(file);
            if (bytes > FILE_BYTES_MAX) {
                throw new MatchFileException(
                        file, "has %d bytes: at most %d".formatted(bytes, FILE_BYTES_MAX));
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new MatchFileException(file, "does not exist");
        } catch (CharacterCodingException e) {
            throw new MatchFileException(file, "is not UTF-8 text");
        } catch (IOException e) {
            throw new MatchFileException(file, "cannot be read: " + e.getMessage());
        }
    }

    /// @param path where the text stands in the file; empty for the whole file
    static Place parse(Path file, String path, String json) throws MatchFileException {
        try {
            return new Place(file, path, MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where =
                    path.isEmpty() && at != null
                            ? "line %d, column %d".formatted(at.getLineNr(), at.getColumnNr())
                            : path;
            throw new MatchFileException(
                    file,
                    where.isEmpty() ? "start" : where,
                    "is not JSON: " + e.getOriginalMessage());
        }
    }

    /// The field of this name; an error where it is missing.
    Place need(String field) throws MatchFileException {
        var found = get(field);
        if (found == null) {
            throw new MatchFileException(file, at(field), "is missing");
        }
        return found;
    }

    /// The field of this name, or null.
    @Nullable Place get(String field) throws MatchFileException {
        if (!value.isObject()) {
            throw wrong("an object");
        }
        var found = value.get(field);
        return found == null || found.isNull() ? null : new Place(file, at(field), found);
    }

    List<Place> items() throws MatchFileException {
        if (!value.isArray()) {
            throw wrong("a list");
        }
        var items = new ArrayList<Place>(value.size());
        for (int i = 0; i < value.size(); i++) {
            items.add(new Place(file, path + "[" + i + "]", value.get(i)));
        }
        return items;
    }

    String text() throws MatchFileException {
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw wrong("text");
        }
        return value.textValue();
    }

    int integer(int min, int max) throws MatchFileException {
        if (!value.canConvertToInt()
                || !value.isIntegralNumber()
                || value.intValue() < min
                || value.intValue() > max) {
            throw wrong("a whole number of %d to %d".formatted(min, max));
        }
        return value.intValue();
    }

    long millis() throws MatchFileException {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() <= 0) {
            throw wrong("a time in ms since the epoch");
        }
        return value.longValue();
    }

    boolean flag() throws MatchFileException {
        if (!value.isBoolean()) {
            throw wrong("true or false");
        }
        return value.booleanValue();
    }

    @Nullable String textOrNull(String field) throws MatchFileException {
        var found = get(field);
        return found == null ? null : found.text();
    }

    int integerOr(String field, int otherwise, int min, int max) throws MatchFileException {
        var found = get(field);
        return found == null ? otherwise : found.integer(min, max);
    }

    boolean flagOrFalse(String field) throws MatchFileException {
        var found = get(field);
        return found != null && found.flag();
    }

    List<Place> itemsOrNone(String field) throws MatchFileException {
        var found = get(field);
        return found == null ? List.of() : found.items();
    }

    MatchFileException wrong(String expected) {
        String text = value.toString();
        return new MatchFileException(
                file,
                path,
                "is %s: must be %s"
                        .formatted(
                                text.length() <= 60 ? text : text.substring(0, 60) + "…",
                                expected));
    }

    private String at(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
