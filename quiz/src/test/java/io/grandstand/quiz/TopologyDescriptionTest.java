package io.grandstand.quiz;

import static org.assertj.core.api.Assertions.assertThat;

import io.grandstand.streams.TopologyDrawing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A topology that changes by accident loses state: stores, changelogs and tasks go by its names
/// and numbers. Whoever changes it on purpose looks at the difference, thinks of those who run the
/// version before (docs/operations.md, Upgrades), and accepts it by
///
/// ```
/// mvn -pl quiz test -Dtest=TopologyDescriptionTest -Dgrandstand.accept=true
/// ```
///
/// which writes the description and the picture anew, to be committed.
class TopologyDescriptionTest {
    private static final Path DESIGN =
            Path.of(System.getProperty("grandstand.root", "..")).resolve("docs/design");
    private static final Path DESCRIPTION = DESIGN.resolve("quiz-topology.txt");
    private static final Path PAGE = DESIGN.resolve("quiz.md");
    private static final String HOW =
            "the topology of quiz; the comment of TopologyDescriptionTest says how to accept a"
                    + " change that is meant";
    private static final String BEGIN = "```mermaid\n";
    private static final String END = "```\n";

    @Test
    void theTopologyIsTheOneThatWasAccepted() throws IOException {
        String description = TopologyDrawing.text(QuizTopology.build());
        if (isAccepted()) {
            Files.writeString(DESCRIPTION, description);
        }
        assertThat(description).as(HOW).isEqualTo(Files.readString(DESCRIPTION));
    }

    @Test
    void thePictureShowsTheTopology() throws IOException {
        String picture = TopologyDrawing.mermaid(QuizTopology.build());
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END, from);
        if (isAccepted()) {
            page = page.substring(0, from) + picture + page.substring(to);
            Files.writeString(PAGE, page);
            to = from + picture.length();
        }
        assertThat(page.substring(from, to)).as(HOW).isEqualTo(picture);
    }

    @Test
    void everyNodeAndEveryStoreHasANameOfItsOwn() {
        assertThat(TopologyDrawing.text(QuizTopology.build()))
                .doesNotContainPattern("KSTREAM|KTABLE|[0-9]{10}");
    }

    private static boolean isAccepted() {
        return Boolean.getBoolean("grandstand.accept");
    }
}
