package io.orderstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.GeneratedPart;

class MetricTableTest {

    private static final Path PAGE = Path.of("docs", "operations.md");

    /** With {@code -Dmetrics.update=true} it writes the table instead. */
    @Test
    void shouldFindTheDeclaredMetricsInTheRunBook() throws IOException {
        // Given
        String page = Files.readString(PAGE).replace("\r\n", "\n");

        // When
        String expected = GeneratedPart.replaceIn(page, "metrics", MetricTable.render());
        if (Boolean.getBoolean("metrics.update")) {
            Files.writeString(PAGE, expected);
            return;
        }

        // Then
        assertThat(page).as("docs/operations.md does not show the metrics as they are declared. Write them into it with: "
                + "./mvnw test -Dtest=MetricTableTest -Dmetrics.update=true").isEqualTo(expected);
    }

    @Test
    void shouldDeclareEachNameOnce() {
        assertThat(Stream.of(Metric.values()).map(Metric::prometheusName)).doesNotHaveDuplicates();
        assertThat(Stream.of(Metric.values()).map(Metric::id)).doesNotHaveDuplicates();
    }
}
