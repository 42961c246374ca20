package io.grandstand.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every configuration that a page shows can be used as it stands there.
class GuidesTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/guides/ten-minutes.md"})
    void theConfigurationsOfAPageAreGood(String page) {
        assertThat(Docs.yaml(page))
                .isNotEmpty()
                .allSatisfy(
                        yaml -> assertThat(Configuration.in(folder, yaml).problems()).isEmpty());
    }
}
