package io.grandstand.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/// The language between the orchestrator and its workers: a JSON object a line.
final class Lines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Lines() {}

    static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message between our own processes", e);
        }
    }

    static <T> T read(String line, Class<T> type) {
        try {
            return JSON.readValue(line, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a message of ours: " + line, e);
        }
    }
}
