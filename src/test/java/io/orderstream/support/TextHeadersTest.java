package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TextHeadersTest {

    private final Headers headers = new RecordHeaders();

    @Test
    void shouldReadTheFirstAndTheLastOfAName() {
        // When
        TextHeaders.add(headers, "a", "ä");
        TextHeaders.add(headers, "b", "2");
        TextHeaders.add(headers, "a", "3");

        // Then
        assertThat(TextHeaders.first(headers, "a")).contains("ä");
        assertThat(TextHeaders.last(headers, "a")).isEqualTo("3");
    }

    @Test
    void shouldTellNothingOfAHeaderThatIsMissingOrHasNoValue() {
        // Given
        headers.add("null", null);

        // Then
        assertThat(TextHeaders.first(headers, "null")).isEmpty();
        assertThat(TextHeaders.last(headers, "null")).isNull();
        assertThat(TextHeaders.first(headers, "missing")).isEmpty();
        assertThat(TextHeaders.last(headers, "missing")).isNull();
    }

    @Test
    void shouldLeaveOneOfANameWhenItIsSet() {
        // Given
        TextHeaders.add(headers, "a", "1");
        TextHeaders.add(headers, "a", "2");

        // When
        TextHeaders.set(headers, "a", "3");

        // Then
        assertThat(headers.headers("a")).hasSize(1);
        assertThat(TextHeaders.last(headers, "a")).isEqualTo("3");
    }
}
