package io.orderstream.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.history.History;
import io.orderstream.support.LogText;
import io.orderstream.testsupport.Fuzzed;

/** Parameters of the API, as the server has decoded them: of a query by their names, and an id or name of the path. */
class ParametersFuzzTest {

    private static final long PER_BYTE = 200;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @FuzzTest
    void shouldTakeParametersOrSayWhichIsWrong(byte[] bytes) {
        // Given
        Fuzzed input = new Fuzzed(bytes);
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        input.headers().forEach(header -> parameters.add(header.key(),
                header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8)));

        // When
        input.parse(PER_BYTE, InvalidInputException.class, () -> DeadLetterQuery.of(parameters, NOW))
                .ifPresent(query -> assertThat(query.limit()).isBetween(1, DeadLetterQuery.LARGEST_LIMIT));
        input.parse(PER_BYTE, InvalidInputException.class,
                () -> Limits.read("limit", parameters.getFirst("limit"), StatsResource.DEFAULT_LIMIT,
                        StatsResource.LARGEST_LIMIT))
                .ifPresent(limit -> assertThat(limit).isBetween(1, StatsResource.LARGEST_LIMIT));
        input.parse(PER_BYTE, InvalidInputException.class,
                () -> StreamResource.steps(new History(), parameters.getFirst("range")));

        // Then
        assertAnswer(parameters);
    }

    private static void assertAnswer(MultivaluedMap<String, String> parameters) {
        try {
            DeadLetterQuery.of(parameters, NOW);
        } catch (InvalidInputException e) {
            assertThat(e.value().length()).isLessThanOrEqualTo(400);
            assertThat(LogText.isClean(e.getMessage())).as(e.getMessage()).isTrue();
        }
    }
}
