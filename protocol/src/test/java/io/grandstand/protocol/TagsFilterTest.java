package io.grandstand.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagsFilterTest {
    private static final Map<String, String> TAGS =
            Map.of("team", "lions", "over", "12", "rate", "7.50", "empty", "");

    @ParameterizedTest
    @CsvSource({
        "team, eq, lions, true",
        "team, eq, tigers, false",
        "team, neq, tigers, true",
        "team, neq, lions, false",
        "team, ex, '', true",
        "team, nex, '', false",
        "team, sw, li, true",
        "team, sw, on, false",
        "team, ew, ons, true",
        "team, ew, li, false",
        "team, ct, ion, true",
        "team, ct, x, false",
        "empty, ex, '', true",
        "empty, eq, '', true",
        "over, lt, 12, false",
        "over, lte, 12.0, true",
        "over, gt, 9, true",
        "over, gte, 1.2e1, true",
        "rate, eq, 7.5, false",
        "rate, gte, 7.5, true",
        "rate, lt, -7.5, false",
        "team, gt, 1, false",
        "team, lt, 1, false",
        "over, gt, x, false",
        "over, lte, '', false",
        "empty, lte, 0, false",
    })
    void aLeafLooksAtOneTag(String key, String cmp, String val, boolean matches) {
        assertThat(filter(leaf(key, cmp, val)).matches(TAGS)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "eq, false",
        "neq, true",
        "ex, false",
        "nex, true",
        "sw, false",
        "ew, false",
        "ct, false",
        "lt, false",
        "lte, false",
        "gt, false",
        "gte, false",
        "in, false",
        "nin, true"
    })
    void aTagThatIsNotThereEqualsNothing(String cmp, boolean matches) {
        var leaf = new FilterNode("", "nobody", cmp, "", List.of("", "1"), List.of());
        assertThat(filter(leaf).matches(TAGS)).isEqualTo(matches);
    }

    @Test
    void inLooksForTheTagInAList() {
        assertThat(filter(listed("team", "in", "tigers", "lions")).matches(TAGS)).isTrue();
        assertThat(filter(listed("team", "in", "tigers")).matches(TAGS)).isFalse();
        assertThat(filter(listed("team", "nin", "tigers", "lions")).matches(TAGS)).isFalse();
        assertThat(filter(listed("team", "nin", "tigers")).matches(TAGS)).isTrue();
    }

    @Test
    void leavesAreCombined() {
        FilterNode yes = leaf("team", "ex", "");
        FilterNode no = leaf("team", "nex", "");
        assertThat(filter(node("and", yes, yes)).matches(TAGS)).isTrue();
        assertThat(filter(node("and", yes, no)).matches(TAGS)).isFalse();
        assertThat(filter(node("or", no, yes)).matches(TAGS)).isTrue();
        assertThat(filter(node("or", no, no)).matches(TAGS)).isFalse();
        assertThat(filter(node("not", no)).matches(TAGS)).isTrue();
        assertThat(filter(node("and", node("or", no, yes), node("not", no))).matches(TAGS))
                .isTrue();
    }

    @Test
    void numbersAreExact() {
        assertThat(
                        filter(leaf("n", "gt", "9007199254740992"))
                                .matches(Map.of("n", "9007199254740993")))
                .isTrue();
        assertThat(filter(leaf("n", "lt", "1e2147483647")).matches(Map.of("n", "1e-2147483647")))
                .isTrue();
    }

    @Test
    void aNumberLongerThanItsBoundIsNone() {
        String longest = "9".repeat(TagsFilter.NUMBER_CHARS_MAX);
        assertThat(filter(leaf("n", "gt", "1")).matches(Map.of("n", longest))).isTrue();
        assertThat(filter(leaf("n", "gt", "1")).matches(Map.of("n", longest + "9"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EQ", "=", "and"})
    void anUnknownComparisonIsInvalid(String cmp) {
        assertThat(TagsFilter.of(leaf("a", cmp, "b"))).isEmpty();
    }

    @Test
    void whatMakesNoSenseIsInvalid() {
        FilterNode leaf = leaf("a", "eq", "b");
        for (FilterNode wrong :
                List.of(
                        leaf("", "eq", "b"),
                        listed("a", "in"),
                        listed("a", "nin"),
                        node("and"),
                        node("or"),
                        node("not"),
                        node("not", leaf, leaf),
                        node("xor", leaf, leaf),
                        node("and", leaf, leaf("a", "x", "")),
                        new FilterNode("", "a", "eq", "b", List.of(), List.of(leaf)))) {
            assertThat(TagsFilter.of(wrong)).isEmpty();
        }
    }

    @Test
    void aFilterOfTooManyNodesIsInvalid() {
        FilterNode leaf = leaf("a", "eq", "b");
        int most = TagsFilter.NODES_MAX - 1;
        assertThat(
                        TagsFilter.of(
                                new FilterNode(
                                        "or",
                                        "",
                                        "",
                                        "",
                                        List.of(),
                                        Collections.nCopies(most, leaf))))
                .isPresent();
        assertThat(
                        TagsFilter.of(
                                new FilterNode(
                                        "or",
                                        "",
                                        "",
                                        "",
                                        List.of(),
                                        Collections.nCopies(most + 1, leaf))))
                .isEmpty();
    }

    @Property
    void everyFilterDoesWhatItsTextSays(
            @ForAll("filters") FilterNode node, @ForAll("tags") Map<String, String> tags) {
        assertThat(filter(node).matches(tags)).isEqualTo(model(node, tags));
    }

    /// The same rules once more, told naively.
    private static boolean model(FilterNode node, Map<String, String> tags) {
        String tag = tags.get(node.key());
        return switch (node.op() + node.cmp()) {
            case "and" -> node.nodes().stream().allMatch(operand -> model(operand, tags));
            case "or" -> node.nodes().stream().anyMatch(operand -> model(operand, tags));
            case "not" -> !model(node.nodes().getFirst(), tags);
            case "eq" -> node.val().equals(tag);
            case "neq" -> !node.val().equals(tag);
            case "in" -> tag != null && node.vals().contains(tag);
            case "nin" -> tag == null || !node.vals().contains(tag);
            case "ex" -> tag != null;
            case "nex" -> tag == null;
            case "sw" -> tag != null && tag.startsWith(node.val());
            case "ew" -> tag != null && tag.endsWith(node.val());
            case "ct" -> tag != null && tag.contains(node.val());
            case "lt" -> number(tag) < number(node.val());
            case "lte" -> number(tag) <= number(node.val());
            case "gt" -> number(tag) > number(node.val());
            case "gte" -> number(tag) >= number(node.val());
            default -> throw new AssertionError(node);
        };
    }

    /// NaN, which is neither less nor more than anything, for what is no number of `WORDS`.
    private static double number(@Nullable String text) {
        return text != null && text.matches("-?[0-9.]+") ? Double.parseDouble(text) : Double.NaN;
    }

    private static final List<String> WORDS = List.of("", "1", "1.0", "-2", "12", "a", "ab", "b1");

    @Provide
    static Arbitrary<Map<String, String>> tags() {
        return Arbitraries.maps(Arbitraries.of("j", "k"), Arbitraries.of(WORDS));
    }

    @Provide
    static Arbitrary<FilterNode> filters() {
        Arbitrary<FilterNode> leaf =
                Combinators.combine(
                                Arbitraries.of("j", "k"),
                                Arbitraries.of(
                                        "eq", "neq", "in", "nin", "ex", "nex", "sw", "ew", "ct",
                                        "lt", "lte", "gt", "gte"),
                                Arbitraries.of(WORDS),
                                Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(3))
                        .as((key, cmp, val, vals) ->
                                new FilterNode("", key, cmp, val, vals, List.of()));
        return Arbitraries.recursive(() -> leaf, TagsFilterTest::combined, 0, 3);
    }

    private static Arbitrary<FilterNode> combined(Arbitrary<FilterNode> operand) {
        return Arbitraries.oneOf(
                operand.list()
                        .ofMinSize(1)
                        .ofMaxSize(3)
                        .flatMap(nodes ->
                                Arbitraries.of("and", "or")
                                        .map(op ->
                                                new FilterNode(op, "", "", "", List.of(), nodes))),
                operand.map(node -> node("not", node)));
    }

    private static TagsFilter filter(FilterNode node) {
        return TagsFilter.of(node).orElseThrow();
    }

    private static FilterNode leaf(String key, String cmp, String val) {
        return new FilterNode("", key, cmp, val, List.of(), List.of());
    }

    private static FilterNode listed(String key, String cmp, String... vals) {
        return new FilterNode("", key, cmp, "", List.of(vals), List.of());
    }

    private static FilterNode node(String op, FilterNode... nodes) {
        return new FilterNode(op, "", "", "", List.of(), List.of(nodes));
    }
}
