package io.grandstand.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void figuresOfAFamilyStandTogetherWhateverTheOrderTheyCameIn() {
        var metrics = new Metrics();
        metrics.gauge("lag", "How far behind.", 3, "service", "quiz");
        metrics.counter("done_total", "How many.", 2.5);
        metrics.gauge("lag", "How far behind.", 4, "service", "a \"b\"\\\n");
        assertThat(metrics.text())
                .isEqualTo(
                        """
                        # HELP done_total How many.
                        # TYPE done_total counter
                        done_total 2.5
                        # HELP lag How far behind.
                        # TYPE lag gauge
                        lag{service="quiz"} 3
                        lag{service="a \\"b\\"\\\\\\n"} 4
                        """);
    }

    @Test
    void aHistogramAddsItsBucketsUp() {
        var metrics = new Metrics();
        metrics.histogram("t", "Times.", List.of(0.5, 1.0), List.of(2L, 0L, 3L), "of", "x");
        assertThat(metrics.text())
                .isEqualTo(
                        """
                        # HELP t Times.
                        # TYPE t histogram
                        t_bucket{of="x",le="0.5"} 2
                        t_bucket{of="x",le="1"} 2
                        t_bucket{of="x",le="+Inf"} 5
                        t_count{of="x"} 5
                        """);
    }
}
