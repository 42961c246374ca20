package io.grandstand.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grandstand.gateway.auth.Capabilities.Grant;
import io.grandstand.gateway.auth.Capabilities.Match;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilitiesTest {
    private static final Set<Capability> SUBSCRIBE = Set.of(Capability.SUBSCRIBE);

    @ParameterizedTest
    @CsvSource({
        "EXACT,    chat:1,           chat:1,        true",
        "EXACT,    chat:1,           chat:11,       false",
        "EXACT,    chat:*,           chat:1,        false",
        "EXACT,    chat:*,           chat:*,        true",
        "EXACT,    '',               chat:1,        false",
        "WILDCARD, chat:1,           chat:1,        true",
        "WILDCARD, chat:1,           chat:12,       false",
        "WILDCARD, *,                chat:1,        true",
        "WILDCARD, *,                '',            true",
        "WILDCARD, '',               chat:1,        false",
        "WILDCARD, chat:*,           chat:1,        true",
        "WILDCARD, chat:*,           chat:,         true",
        "WILDCARD, chat:*,           chat,          false",
        "WILDCARD, chat:*,           xchat:1,       false",
        "WILDCARD, *:42,             inbox:42,      true",
        "WILDCARD, *:42,             inbox:421,     false",
        "WILDCARD, *:4*2,            a:4:4:2,       true",
        "WILDCARD, match:*:side:*,   match:1:side:2, true",
        "WILDCARD, match:*:side:*,   match:1:2,     false",
        "WILDCARD, a*b*c,            abcbc,         true",
        "WILDCARD, a*b*c,            abcb,          false",
        "WILDCARD, **,               x,             true",
        "WILDCARD, chat.1,           chat:1,        false",
        "WILDCARD, chat:?,           chat:1,        false",
        "REGEX,    chat:[0-9]+,      chat:12,       true",
        "REGEX,    chat:[0-9]+,      chat:12x,      false",
        "REGEX,    chat:[0-9]+,      xchat:12,      false",
        "REGEX,    ^chat:[0-9]+$,    chat:12,       true",
        "REGEX,    chat,             chat:12,       false",
        "REGEX,    (a|b):(?!x).*,    a:y,           true",
        "REGEX,    (a|b):(?!x).*,    b:x,           false"
    })
    void aGrantNamesChannels(Match match, String pattern, String channel, boolean expected)
            throws Exception {
        var capabilities =
                Capabilities.of(List.of(new Grant(List.of("other", pattern), match, SUBSCRIBE)));
        assertThat(capabilities.allows(channel, Capability.SUBSCRIBE)).isEqualTo(expected);
        assertThat(capabilities.allows(channel, Capability.PUBLISH)).isFalse();
    }

    @Test
    void grantsAddUp() throws Exception {
        var capabilities =
                Capabilities.of(
                        List.of(
                                new Grant(List.of("chat:1"), Match.EXACT, SUBSCRIBE),
                                new Grant(
                                        List.of("chat:1", "chat:2"),
                                        Match.EXACT,
                                        Set.of(Capability.HISTORY)),
                                new Grant(
                                        List.of("chat:*"),
                                        Match.WILDCARD,
                                        Set.of(Capability.PRESENCE)),
                                new Grant(
                                        List.of(".*:1"), Match.REGEX, Set.of(Capability.PUBLISH))));
        assertThat(allowed(capabilities, "chat:1")).containsExactly(Capability.values());
        assertThat(allowed(capabilities, "chat:2"))
                .containsExactly(Capability.PRESENCE, Capability.HISTORY);
        assertThat(allowed(capabilities, "news:1")).containsExactly(Capability.PUBLISH);
        assertThat(allowed(capabilities, "news:2")).isEmpty();
        assertThat(allowed(Capabilities.NONE, "chat:1")).isEmpty();
    }

    /// The model looks at every grant and every channel in it, and asks a regular expression what a
    /// wildcard means.
    @Property
    void theyAreTheUnionOfTheirGrants(
            @ForAll("grants") List<Grant> grants, @ForAll("channels") String channel)
            throws Exception {
        var expected = EnumSet.noneOf(Capability.class);
        for (Grant grant : grants) {
            for (String pattern : grant.channels()) {
                boolean named =
                        switch (grant.match()) {
                            case EXACT -> pattern.equals(channel);
                            case WILDCARD ->
                                    Pattern.matches(
                                            pattern.chars()
                                                    .mapToObj(c ->
                                                            c == '*'
                                                                    ? ".*"
                                                                    : Pattern.quote("" + (char) c))
                                                    .reduce("", String::concat),
                                            channel);
                            case REGEX -> Pattern.matches(pattern, channel);
                        };
                if (named) {
                    expected.addAll(grant.allow());
                }
            }
        }
        assertThat(allowed(Capabilities.of(grants), channel)).isEqualTo(expected);
    }

    @Provide
    Arbitrary<List<Grant>> grants() {
        Arbitrary<Set<Capability>> allow = Arbitraries.of(Capability.class).set().ofMaxSize(3);
        Arbitrary<Grant> plain =
                Combinators.combine(
                                Arbitraries.strings()
                                        .withChars("ab:*")
                                        .ofMaxLength(6)
                                        .list()
                                        .ofMaxSize(3),
                                Arbitraries.of(Match.EXACT, Match.WILDCARD),
                                allow)
                        .as(Grant::new);
        Arbitrary<Grant> regex =
                Combinators.combine(
                                Arbitraries.of("a+", "[ab]*:.", "", ".*", "(a|b:)?b")
                                        .list()
                                        .ofMaxSize(2),
                                allow)
                        .as((patterns, allowed) -> new Grant(patterns, Match.REGEX, allowed));
        return Arbitraries.oneOf(plain, regex).list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> channels() {
        return Arbitraries.strings().withChars("ab:*").ofMaxLength(6);
    }

    /// Without the bound the first three would not end; the last is honest, but the name too long.
    @ParameterizedTest
    @CsvSource({"(a+)+b", "(a|aa)+b", "(.*)*:(.*)*:(.*)*b", "(?:a|b|c)*"})
    void aMatchThatTakesTooLongIsGivenUp(String regex) throws Exception {
        var capabilities =
                Capabilities.of(List.of(new Grant(List.of(regex), Match.REGEX, SUBSCRIBE)));
        String channel = "a".repeat(100_000);
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(capabilities.allows(channel, Capability.SUBSCRIBE)).isFalse());
    }

    @Test
    void aWildcardTakesNoLongOnLongNames() throws Exception {
        var capabilities =
                Capabilities.of(
                        List.of(
                                new Grant(
                                        List.of("*a".repeat(100) + "b"),
                                        Match.WILDCARD,
                                        SUBSCRIBE)));
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () ->
                        assertThat(capabilities.allows("a".repeat(100_000), Capability.SUBSCRIBE))
                                .isFalse());
    }

    @Test
    void regularExpressionsAreBounded() throws Exception {
        String longest = "x".repeat(Capabilities.REGEX_CHARS_MAX);
        assertThat(regexes(List.of(longest)).allows(longest, Capability.SUBSCRIBE)).isTrue();
        assertThatThrownBy(() -> regexes(List.of(longest + "x")))
                .isInstanceOf(ClaimException.class)
                .hasMessage(
                        "claim caps has a regular expression of 257 characters: at most 256 are"
                                + " accepted");
        List<String> most = Collections.nCopies(Capabilities.REGEXES_MAX, "a");
        assertThat(regexes(most).allows("a", Capability.SUBSCRIBE)).isTrue();
        assertThatThrownBy(() -> regexes(Collections.nCopies(Capabilities.REGEXES_MAX + 1, "a")))
                .isInstanceOf(ClaimException.class)
                .hasMessage("claim caps has 65 regular expressions: at most 64 are accepted");
        assertThatThrownBy(() -> regexes(List.of("(")))
                .isInstanceOf(ClaimException.class)
                .hasMessage("claim caps has a bad regular expression: Unclosed group");
    }

    private static Capabilities regexes(List<String> patterns) throws ClaimException {
        return Capabilities.of(List.of(new Grant(patterns, Match.REGEX, SUBSCRIBE)));
    }

    private static Set<Capability> allowed(Capabilities capabilities, String channel) {
        var allowed = EnumSet.noneOf(Capability.class);
        for (Capability capability : Capability.values()) {
            if (capabilities.allows(channel, capability)) {
                allowed.add(capability);
            }
        }
        return allowed;
    }
}
