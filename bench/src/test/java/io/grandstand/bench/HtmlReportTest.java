package io.grandstand.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final Pattern SVG = Pattern.compile("(?s)<svg .*?</svg>");

    private final String page =
            HtmlReport.page(
                    List.of(
                            ExampleRuns.fanout(),
                            ExampleRuns.run(
                                    "<private> & \"odd\"",
                                    List.of(ExampleRuns.server("gateway", 8.1, 0.4)),
                                    List.of(),
                                    List.of(),
                                    List.of("3 messages were lost"))));

    @Test
    void thePageNeedsNothingElse() throws Exception {
        // Where it can be looked at after the test.
        Files.writeString(Path.of("target", "example-report.html"), page);
        assertThat(page)
                .doesNotContain("<script", "<link", "<img", "@import", "url(", "http:", "https:");
    }

    @Test
    void itSaysWhatWasMeasuredWhereAndHow() {
        assertThat(page)
                .contains("0123abc", "Example CPU @ 3 GHz, 2 cores, 24 GB, Linux 6.1.0, JDK 25.0.1")
                .contains("./grandstand bench fanout")
                .contains("one process may open 20,000 files")
                .contains("<dt>payloadBytes</dt><dd>150</dd>");
    }

    @Test
    void everyBarHasItsVerdict() {
        assertThat(page).contains("✓ bar met", "✗ missed");
    }

    @Test
    void aFailedRunIsNamedFirst() {
        assertThat(page).contains("✗ Failed: &lt;private&gt;", "✗ 3 messages were lost");
    }

    @Test
    void aRunThatLostAMessageIsNoGoodRunWhateverItSays() {
        RunResult run =
                ExampleRuns.run(
                        "lossy",
                        List.of(ExampleRuns.losing("gateway")),
                        List.of(),
                        List.of(),
                        List.of());
        assertThat(HtmlReport.page(List.of(run)))
                .contains("✗ Failed: lossy", "✗ Messages were lost")
                .doesNotContain("✓ Nothing lost", "✓ Every message");
    }

    @Test
    void noTextOfAResultIsTakenForMarkup() {
        assertThat(page).doesNotContain("<private>");
    }

    @Test
    void everyPlotIsWellFormedAndHasALineForEachServer() throws Exception {
        List<String> plots = SVG.matcher(page).results().map(MatchResult::group).toList();
        for (String plot : plots) {
            assertThat(parse(plot).getDocumentElement().getTagName()).isEqualTo("svg");
        }
        List<String> percentiles =
                plots.stream().filter(plot -> plot.contains("Latency by percentile")).toList();
        assertThat(percentiles).hasSize(2);
        assertThat(percentiles.getFirst())
                .contains("<title>gateway</title>", "<title>raw-plain</title>", "99.9 %")
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void aRunWithoutWindowsIsShown() {
        RunResult empty =
                ExampleRuns.run("empty", List.of(), List.of(), List.of(), List.of("no window"));
        assertThat(HtmlReport.page(List.of(empty))).contains("<h2>empty</h2>", "✗ no window");
    }

    @Test
    void aReportOfNothingIsRefused() {
        assertThatThrownBy(() -> HtmlReport.page(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void figuresHaveThreeDigitsThatCount() {
        assertThat(
                        List.of(0.0, 0.012345, 1.0, 7.1249, 99.96, 12_345.6, Double.NaN).stream()
                                .map(Numbers::number))
                .containsExactly("0", "0.0123", "1", "7.12", "100", "12,300", "–");
        assertThat(List.of(0L, 999L, 3_200L, 24_000_000_000L).stream().map(Numbers::bytes))
                .containsExactly("0 B", "999 B", "3.2 KB", "24 GB");
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }
}
