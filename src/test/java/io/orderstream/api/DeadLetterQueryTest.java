package io.orderstream.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterStatus;

class DeadLetterQueryTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void shouldSelectAHundredOfAllByDefault() {
        assertThat(DeadLetterQuery.of(new MultivaluedHashMap<>(), NOW))
                .isEqualTo(new DeadLetterQuery(DeadLetterFilter.ALL, null, 100, false));
    }

    @Test
    void shouldTakeEveryParameter() {
        // Given
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        parameters.putSingle("topic", "orders");
        parameters.putSingle("kind", "poison");
        parameters.putSingle("reason", "a reason");
        parameters.putSingle("reasonGroup", "0a1b2c3d");
        parameters.putSingle("key", "a key");
        parameters.putSingle("since", "PT1H");
        parameters.putSingle("until", "2026-03-01T11:30:00Z");
        parameters.putSingle("status", "redriven");
        parameters.putSingle("limit", "1000");
        parameters.putSingle("shape", "record");

        // Then
        assertThat(DeadLetterQuery.of(parameters, NOW)).isEqualTo(new DeadLetterQuery(
                new DeadLetterFilter("orders", "poison", "a reason", "0a1b2c3d", "a key", NOW.minus(Duration.ofHours(1)),
                        NOW.minus(Duration.ofMinutes(30)), null),
                DeadLetterStatus.REDRIVEN, 1_000, true));
    }

    @Test
    void shouldTakeABlankForNothing() {
        // Given
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        parameters.putSingle("kind", "");
        parameters.putSingle("since", " ");
        parameters.putSingle("limit", "");
        parameters.putSingle("shape", " ");

        // Then
        assertThat(DeadLetterQuery.of(parameters, NOW)).isEqualTo(new DeadLetterQuery(DeadLetterFilter.ALL, null, 100, false));
    }

    @ParameterizedTest
    @CsvSource({ "15m,2026-03-01T11:45:00Z", "PT1H,2026-03-01T11:00:00Z", "2d,2026-02-27T12:00:00Z",
            "2026-01-01T00:00:00Z,2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00,2026-01-01T00:00:00Z",
            "0s,2026-03-01T12:00:00Z" })
    void shouldTakeATimeOrHowLongAgoItWas(String value, Instant time) {
        // Given
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        parameters.putSingle("since", value);

        // Then
        assertThat(DeadLetterQuery.of(parameters, NOW).filter().since()).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "shape | Record | record, or left out",
            "kind | Poison | one of poison, exhausted, undecodable, undeliverable, unknown",
            "status | closed | one of open, redriven, parked", "limit | 0 | a whole number from 1 to 1000",
            "limit | 1001 | a whole number from 1 to 1000", "limit | ten | a whole number from 1 to 1000",
            "limit | 99999999999 | a whole number from 1 to 1000",
            "since | yesterday | a time such as 2026-03-01T12:00:00Z, or how long ago that was, such as 15m or PT1H",
            "until | -PT1H | a time such as 2026-03-01T12:00:00Z, or how long ago that was, such as 15m or PT1H",
            "since | PT999999999999999H | a time such as 2026-03-01T12:00:00Z, or how long ago that was, such as 15m or PT1H",
            "since | 2026-03-01 | a time such as 2026-03-01T12:00:00Z, or how long ago that was, such as 15m or PT1H" })
    void shouldRefuseWhatBreaksItsRule(String field, String value, String rule) {
        // Given
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>();
        parameters.putSingle(field, value);

        // Then
        assertThatThrownBy(() -> DeadLetterQuery.of(parameters, NOW)).isInstanceOfSatisfying(InvalidInputException.class,
                refusal -> assertThat(refusal)
                        .extracting(InvalidInputException::field, InvalidInputException::rule, InvalidInputException::value)
                        .containsExactly(field, rule, value));
    }
}
