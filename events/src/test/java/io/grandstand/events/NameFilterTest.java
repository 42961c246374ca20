package io.grandstand.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameFilterTest {
    private final NameFilter filter =
            NameFilter.of(List.of("# ours", "", "ass  # an animal too", "*rude*", "boss"));

    @Test
    void aWordIsRefusedWhereItStandsAlone() {
        check(false, "ass", "An ASS", "big-ass.", "boss");
        check(true, "as", "Assam", "Cassandra", "bos", "Asha");
    }

    @Test
    void aStarredWordIsRefusedWithinOthers() {
        check(false, "rude", "crudest", "x_rude_x");
        check(true, "rue", "Rudi");
    }

    @Test
    void caseAccentsLookAlikesRepetitionAndSpacingMakeNoDifference() {
        check(
                false,
                "RUDE",
                "r\u00fcd\u00e8",
                "ruuuudeee",
                "r u d e",
                "r.u.d.3",
                "a$$",
                "b0ss",
                "a s s");
    }

    @Test
    void marksThatTurnTextAroundAreRefused() {
        check(false, "\u202eahsA");
        check(true, "\u0906\u0936\u093e", "\ud83c\udfcf Asha");
    }

    @Test
    void aListComesFromAFileAndSaysWhichLineIsNoWord(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("names.txt"), "# mine\nvillain\n");
        assertThat(NameFilter.read(file).allows("villain")).isFalse();
        Files.writeString(file, "villain\ntwo words\n");
        assertThatThrownBy(() -> NameFilter.read(file))
                .hasMessage("line 2 is 'two words': must be one word of letters, or *word*");
    }

    @Test
    void theStandardListKnowsTheHouseAndLetsNamesPass() {
        NameFilter standard = NameFilter.standard();
        assertThat(standard.allows("Grandstand Support")).isFalse();
        assertThat(standard.allows("4dm1n")).isFalse();
        assertThat(List.of("Asha", "Hitchcock", "Dick", "Scunthorpe United", "Bot 17", "Sussex"))
                .allMatch(standard::allows);
    }

    private void check(boolean isAllowed, String... names) {
        for (String name : names) {
            assertThat(filter.allows(name)).as(name).isEqualTo(isAllowed);
        }
    }
}
