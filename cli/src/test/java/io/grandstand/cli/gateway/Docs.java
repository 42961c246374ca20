package io.grandstand.cli.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The pages of the repository, as tests read them: tests run in the folder of their module.
final class Docs {
    private static final Pattern YAML = Pattern.compile("(?m)^ *```yaml\\n((?s).*?)^ *```");

    private Docs() {}

    static String read(String page) {
        try {
            return Files.readString(Path.of("..", page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The YAML of a page, block by block.
    static List<String> yaml(String page) {
        var blocks = new ArrayList<String>();
        Matcher block = YAML.matcher(read(page));
        while (block.find()) {
            blocks.add(block.group(1).stripIndent());
        }
        return blocks;
    }
}
