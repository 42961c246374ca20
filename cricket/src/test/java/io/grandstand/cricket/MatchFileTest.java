package io.grandstand.cricket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatchFileTest {
    @TempDir Path folder = Path.of("");

    @Test
    void theFormatIsToldByTheContent() throws Exception {
        assertThat(MatchFile.read(RealData.scoreFeed()).id()).isEqualTo("cricket-ned-png-score");
        assertThat(MatchFile.read(RealData.file("cricket/matches/ipl/335982.json")).id())
                .isEqualTo("335982");
    }

    @Test
    void whatIsNoMatchIsRefused() throws Exception {
        var text = Files.writeString(folder.resolve("notes.txt"), "not a match");
        assertThatThrownBy(() -> MatchFile.read(text))
                .isInstanceOf(MatchFileException.class)
                .hasMessageStartingWith("notes.txt: is no match: must be a Cricsheet file");

        var object = Files.writeString(folder.resolve("other.json"), "{\"a\": 1}");
        assertThatThrownBy(() -> MatchFile.read(object))
                .isInstanceOf(MatchFileException.class)
                .hasMessage("other.json: [info] is missing");
    }

    @Test
    void theIdIsTheFilesNameInTheAlphabetOfIds() {
        assertThat(MatchId.of(Path.of("a", "335982.json"))).isEqualTo("335982");
        assertThat(MatchId.of(Path.of("Ash v Zed (final).json"))).isEqualTo("Ash-v-Zed-final-");
        assertThat(MatchId.of(Path.of("x".repeat(90) + ".ccm.jsonl"))).hasSize(56);
        assertThat(MatchId.of(Path.of(".json"))).isEqualTo("match");
    }
}
