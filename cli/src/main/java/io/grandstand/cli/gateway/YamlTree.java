package io.grandstand.cli.gateway;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/// Reads a YAML text into a tree whose values know their places.
final class YamlTree {
    /// No configuration nests deeper than four; more is an attack on the stack.
    private static final int DEPTH_MAX = 16;

    private final String source;
    private final Problems problems;

    private YamlTree(String source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /// The tree of a text; what is wrong with it goes to `problems`. Of a key that stands twice the
    /// first counts. A text that is no YAML is `Refused` as a whole.
    ///
    /// @param source how the file is named in places
    static Node read(String source, String text, Problems problems) {
        var tree = new YamlTree(source, problems);
        try (var parser = new YAMLFactory().createParser(text)) {
            return tree.document(parser);
        } catch (JsonProcessingException e) {
            tree.problem(e);
            return new Node.Refused(new Place(source, 1, 1));
        } catch (IOException impossible) {
            throw new AssertionError("a string can be read", impossible);
        }
    }

    private Node document(YAMLParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return new Node.Nothing(new Place(source, 1, 1));
        }
        Node root = value(parser, 0);
        if (parser.nextToken() != null) {
            problems.add(place(parser), "here begins a second document: a configuration has one");
        }
        return root;
    }

    /// The value that begins at the parser's token.
    private Node value(YAMLParser parser, int depth) throws IOException {
        Place place = place(parser);
        if (depth > DEPTH_MAX) {
            problems.add(place, "nested deeper than %d levels", DEPTH_MAX);
            parser.skipChildren();
            return new Node.Refused(place);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> new Node.Fields(place, fields(parser, depth));
            case START_ARRAY -> new Node.Items(place, items(parser, depth));
            case VALUE_NULL -> new Node.Nothing(place);
            default -> scalar(parser, place);
        };
    }

    private List<Node.Field> fields(YAMLParser parser, int depth) throws IOException {
        var fields = new ArrayList<Node.Field>();
        Map<String, Place> seen = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            Place place = place(parser);
            parser.nextToken();
            Node value = value(parser, depth + 1);
            Place first = seen.putIfAbsent(name, place);
            if (first == null) {
                fields.add(new Node.Field(place, name, value));
            } else {
                problems.add(place, "'%s' stands twice, first in line %d", name, first.line());
            }
        }
        return fields;
    }

    private List<Node> items(YAMLParser parser, int depth) throws IOException {
        var items = new ArrayList<Node>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, depth + 1));
        }
        return items;
    }

    private Node scalar(YAMLParser parser, Place place) throws IOException {
        if (parser.isCurrentAlias()) {
            problems.add(place, "'*%s' is an alias: write the value itself", parser.getText());
            return new Node.Refused(place);
        }
        return new Node.Text(place, parser.getText());
    }

    private Place place(JsonParser parser) {
        JsonLocation at = parser.currentTokenLocation();
        return new Place(source, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
    }

    private void problem(JsonProcessingException e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            Mark mark = marked.getProblemMark();
            problems.add(
                    new Place(source, mark.getLine() + 1, mark.getColumn() + 1),
                    "is not YAML: %s",
                    marked.getProblem());
            return;
        }
        JsonLocation at = e.getLocation();
        int line = at == null ? 1 : Math.max(1, at.getLineNr());
        int column = at == null ? 1 : Math.max(1, at.getColumnNr());
        problems.add(
                new Place(source, line, column),
                "is not YAML: %s",
                // What follows is of the parser's own classes.
                e.getOriginalMessage().replaceFirst("(?s)(\n|, got this instead).*", ""));
    }
}
