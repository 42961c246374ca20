package io.grandstand.gateway.auth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a connection token allows on which channels: the union of its grants. Immutable.
///
/// A grant names its channels exactly, by wildcard or by regular expression; all of the channel's
/// name must match. Regular expressions are Java's, which on some patterns take a time exponential
/// in the name. Who signs tokens is trusted not to write such patterns on purpose, but players
/// choose the names: so a match is given up, and nothing allowed, after `REGEX_STEPS_MAX` looks at
/// the name.
public final class Capabilities {
    /// Longest regular expression in characters; a token with a longer one is invalid.
    static final int REGEX_CHARS_MAX = 256;

    /// Most regular expressions in a token; one with more is invalid.
    static final int REGEXES_MAX = 64;

    /// Looks at single characters of a channel's name, for one expression: some 30 µs, measured. An
    /// honest one looks at each character a few times.
    private static final int REGEX_STEPS_MAX = 5_000;

    /// A token that allows nothing.
    public static final Capabilities NONE = new Capabilities(Map.of(), List.of(), List.of());

    private final Map<String, Set<Capability>> exact;
    private final List<Wildcard> wildcards;
    private final List<Regex> regexes;

    /// One entry of the claim `caps`.
    record Grant(List<String> channels, Match match, Set<Capability> allow) {}

    /// How a grant names its channels.
    enum Match {
        EXACT,
        WILDCARD,
        REGEX
    }

    private record Wildcard(String pattern, Set<Capability> allow) {}

    private record Regex(Pattern pattern, Set<Capability> allow) {}

    private Capabilities(
            Map<String, Set<Capability>> exact, List<Wildcard> wildcards, List<Regex> regexes) {
        this.exact = exact;
        this.wildcards = wildcards;
        this.regexes = regexes;
    }

    static Capabilities of(List<Grant> grants) throws ClaimException {
        var exact = new HashMap<String, Set<Capability>>();
        var wildcards = new ArrayList<Wildcard>();
        var regexes = new ArrayList<Regex>();
        for (Grant grant : grants) {
            for (String channel : grant.channels()) {
                switch (grant.match()) {
                    case EXACT ->
                            exact.computeIfAbsent(channel, _ -> EnumSet.noneOf(Capability.class))
                                    .addAll(grant.allow());
                    case WILDCARD -> wildcards.add(new Wildcard(channel, grant.allow()));
                    case REGEX -> regexes.add(new Regex(compile(channel), grant.allow()));
                }
            }
        }
        if (regexes.size() > REGEXES_MAX) {
            throw new ClaimException(
                    "claim caps has %d regular expressions: at most %d are accepted"
                            .formatted(regexes.size(), REGEXES_MAX));
        }
        return new Capabilities(
                Collections.unmodifiableMap(exact), List.copyOf(wildcards), List.copyOf(regexes));
    }

    /// Whether some grant allows `capability` on `channel`.
    public boolean allows(String channel, Capability capability) {
        return exact.getOrDefault(channel, Set.of()).contains(capability)
                || wildcards.stream()
                        .anyMatch(wildcard ->
                                wildcard.allow().contains(capability)
                                        && matches(wildcard.pattern(), channel))
                || regexes.stream()
                        .anyMatch(regex ->
                                regex.allow().contains(capability)
                                        && matches(regex.pattern(), channel));
    }

    /// Whether `text` is `pattern`, in which each `*` stands for any number of any characters.
    ///
    /// Where characters differ, only the last star passed need take in one more: what stands before
    /// it matches as early as it can, which leaves most to the rest. So the time is bounded by the
    /// product of the lengths.
    private static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int starEnd = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                starEnd = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++starEnd;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean matches(Pattern pattern, String channel) {
        try {
            return pattern.matcher(new CountedText(channel, new int[1])).matches();
        } catch (GaveUp | StackOverflowError tooMuch) {
            return false;
        }
    }

    private static Pattern compile(String regex) throws ClaimException {
        if (regex.length() > REGEX_CHARS_MAX) {
            throw new ClaimException(
                    "claim caps has a regular expression of %d characters: at most %d are accepted"
                            .formatted(regex.length(), REGEX_CHARS_MAX));
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ClaimException(
                    "claim caps has a bad regular expression: " + e.getDescription());
        }
    }

    /// A text that lets itself be looked at only so often.
    private record CountedText(String text, int[] looks) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (++looks[0] > REGEX_STEPS_MAX) {
                throw new GaveUp();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedText(text.substring(start, end), looks);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class GaveUp extends RuntimeException {
        private static final long serialVersionUID = 1;

        GaveUp() {
            super(null, null, false, false);
        }
    }
}
