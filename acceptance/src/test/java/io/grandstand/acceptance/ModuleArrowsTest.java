package io.grandstand.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Holds the arrows between modules: what each may know of the others.
///
/// The gateway knows bytes, topics, keys and channels, never the game. The game's services know
/// `events`, never each other and never the gateway: they meet in topics.
class ModuleArrowsTest {
    private static final Path ROOT = Path.of(System.getProperty("grandstand.root"));

    /// Every module and all of this project that it may depend on, tests apart.
    private static final Map<String, Set<String>> ALLOWED =
            Map.ofEntries(
                    Map.entry("protocol", Set.of()),
                    Map.entry("events", Set.of()),
                    Map.entry("embedded", Set.of("events")),
                    Map.entry("gateway", Set.of("protocol")),
                    Map.entry("streams", Set.of("events")),
                    Map.entry("quiz", Set.of("events", "protocol", "streams")),
                    Map.entry("leaderboard", Set.of("events", "protocol", "streams")),
                    Map.entry("cricket", Set.of("events")),
                    Map.entry("trivia", Set.of("events")),
                    Map.entry("client", Set.of("protocol")),
                    Map.entry("bots", Set.of("client", "events")),
                    Map.entry("bench", Set.of("protocol", "events")),
                    Map.entry("web", Set.of()),
                    Map.entry(
                            "cli",
                            Set.of(
                                    "embedded",
                                    "gateway",
                                    "streams",
                                    "quiz",
                                    "leaderboard",
                                    "cricket",
                                    "trivia",
                                    "bots",
                                    "bench",
                                    "web")),
                    Map.entry("acceptance", Set.of()));

    @Test
    void everyModuleIsInTheMap() throws Exception {
        assertThat(texts(pom(""), "module")).containsExactlyInAnyOrderElementsOf(ALLOWED.keySet());
    }

    @Test
    void noModuleKnowsMoreThanItMay() throws Exception {
        var forbidden = new TreeMap<String, Set<String>>();
        for (String module : ALLOWED.keySet()) {
            var known = new TreeSet<>(dependencies(module));
            known.removeAll(ALLOWED.get(module));
            if (!known.isEmpty()) {
                forbidden.put(module, known);
            }
        }
        assertThat(forbidden).isEmpty();
    }

    /// Maven would refuse a cycle between modules; this one speaks of the map above, so that a
    /// cycle is not even allowed.
    @Test
    void theMapHasNoCycle() {
        var open = new TreeMap<>(ALLOWED);
        while (!open.isEmpty()) {
            List<String> free =
                    open.entrySet().stream()
                            .filter(entry ->
                                    open.keySet().stream().noneMatch(entry.getValue()::contains))
                            .map(Map.Entry::getKey)
                            .toList();
            assertThat(free).describedAs("modules without a cycle among " + open).isNotEmpty();
            free.forEach(open::remove);
        }
    }

    private static Set<String> dependencies(String module) throws Exception {
        var dependencies = new TreeSet<String>();
        NodeList elements = pom(module).getElementsByTagName("dependency");
        for (int i = 0; i < elements.getLength(); i++) {
            var element = (Element) elements.item(i);
            boolean isOurs = text(element, "groupId").equals("io.grandstand");
            if (isOurs && !text(element, "scope").equals("test")) {
                dependencies.add(text(element, "artifactId"));
            }
        }
        return dependencies;
    }

    private static Document pom(String module) throws Exception {
        File file = ROOT.resolve(module).resolve("pom.xml").toFile();
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file);
    }

    private static Set<String> texts(Document document, String tag) {
        var texts = new TreeSet<String>();
        NodeList elements = document.getElementsByTagName(tag);
        for (int i = 0; i < elements.getLength(); i++) {
            texts.add(elements.item(i).getTextContent());
        }
        return texts;
    }

    private static String text(Element element, String tag) {
        NodeList found = element.getElementsByTagName(tag);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
