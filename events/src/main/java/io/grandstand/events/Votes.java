package io.grandstand.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// How the answers to a question are spread over its options. Topic `votes`, keyed by match; at
/// most one a second for each question. It says nothing about which option is right.
///
/// @param asOf when it was put together, ms since the epoch, server clock
/// @param total all answers that count
/// @param counts how many of them name an option, by its id; an option nobody named is missing
public record Votes(
        String match, String question, long asOf, long total, Map<String, Long> counts) {
    public Votes {
        Check.id("match", match);
        Check.id("question", question);
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
}
