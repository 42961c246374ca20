package io.grandstand.protocol;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// Lets through the publications whose tags a subscriber asked for. Thread-safe.
///
/// A tag that is not there equals nothing, is in no list and compares with nothing. Tags that are
/// to be compared as numbers must be decimal numbers of at most `NUMBER_CHARS_MAX` characters;
/// nothing else is less or more than any.
public final class TagsFilter {
    /// Every subscriber's filter runs for every publication, so one has no more nodes than this; a
    /// larger one is invalid.
    static final int NODES_MAX = 64;

    static final int NUMBER_CHARS_MAX = 64;

    private final Predicate<Map<String, String>> matcher;

    private TagsFilter(Predicate<Map<String, String>> matcher) {
        this.matcher = matcher;
    }

    /// The filter that a client asks for, or empty if it makes no sense and is to be answered with
    /// error 107: an unknown `op` or `cmp`, a leaf without a key or with operands, `in` or `nin`
    /// without values, `and` or `or` without operands, `not` with another number of them than one,
    /// or too many nodes.
    public static Optional<TagsFilter> of(FilterNode node) {
        return isValid(node) && size(node) <= NODES_MAX
                ? Optional.of(new TagsFilter(compile(node)))
                : Optional.empty();
    }

    public boolean matches(Map<String, String> tags) {
        return matcher.test(tags);
    }

    private static int size(FilterNode node) {
        return 1 + node.nodes().stream().mapToInt(TagsFilter::size).sum();
    }

    private static boolean isValid(FilterNode node) {
        return switch (node.op()) {
            case "" ->
                    !node.key().isEmpty()
                            && node.nodes().isEmpty()
                            && switch (node.cmp()) {
                                case "in", "nin" -> !node.vals().isEmpty();
                                case "eq", "neq", "ex", "nex", "sw", "ew", "ct" -> true;
                                case "lt", "lte", "gt", "gte" -> true;
                                default -> false;
                            };
            case "and", "or" -> !node.nodes().isEmpty() && areValid(node.nodes());
            case "not" -> node.nodes().size() == 1 && areValid(node.nodes());
            default -> false;
        };
    }

    private static boolean areValid(List<FilterNode> nodes) {
        return nodes.stream().allMatch(TagsFilter::isValid);
    }

    private static Predicate<Map<String, String>> compile(FilterNode node) {
        List<Predicate<Map<String, String>>> operands =
                node.nodes().stream().map(TagsFilter::compile).toList();
        return switch (node.op()) {
            case "and" -> operands.stream().reduce(Predicate::and).orElseThrow();
            case "or" -> operands.stream().reduce(Predicate::or).orElseThrow();
            case "not" -> operands.getFirst().negate();
            default -> leaf(node);
        };
    }

    private static Predicate<Map<String, String>> leaf(FilterNode node) {
        String val = node.val();
        return switch (node.cmp()) {
            case "eq" -> tag(node, val::equals);
            case "neq" -> tag(node, val::equals).negate();
            case "in" -> tag(node, new HashSet<>(node.vals())::contains);
            case "nin" -> tag(node, new HashSet<>(node.vals())::contains).negate();
            case "ex" -> tag(node, _ -> true);
            case "nex" -> tag(node, _ -> true).negate();
            case "sw" -> tag(node, tag -> tag.startsWith(val));
            case "ew" -> tag(node, tag -> tag.endsWith(val));
            case "ct" -> tag(node, tag -> tag.contains(val));
            case "lt" -> order(node, order -> order < 0);
            case "lte" -> order(node, order -> order <= 0);
            case "gt" -> order(node, order -> order > 0);
            case "gte" -> order(node, order -> order >= 0);
            default -> throw new AssertionError(node.cmp());
        };
    }

    /// Holds where the leaf's tag is there and passes `test`.
    private static Predicate<Map<String, String>> tag(FilterNode leaf, Predicate<String> test) {
        String key = leaf.key();
        return tags -> {
            String tag = tags.get(key);
            return tag != null && test.test(tag);
        };
    }

    /// Holds where the leaf's tag and value are numbers whose order passes `test`.
    private static Predicate<Map<String, String>> order(FilterNode leaf, IntPredicate test) {
        Optional<BigDecimal> bound = number(leaf.val());
        return tag(
                leaf,
                tag ->
                        bound.isPresent()
                                && number(tag)
                                        .map(number -> test.test(number.compareTo(bound.get())))
                                        .orElse(false));
    }

    private static Optional<BigDecimal> number(String text) {
        if (text.length() > NUMBER_CHARS_MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
