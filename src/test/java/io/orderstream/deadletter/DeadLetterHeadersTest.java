package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterHeadersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:34:56.789Z");
    private static final Instant ORIGINAL = Instant.parse("2026-02-28T23:59:59Z");

    @Test
    void shouldNameTheTwelveHeadersOfTheContractAndThoseOfTheSpoolAndOfShortenedLetters() {
        assertThat(names()).containsExactlyInAnyOrder("dead-letter-exception-class-name", "dead-letter-reason",
                "dead-letter-cause-class-name", "dead-letter-cause", "dead-letter-topic", "dead-letter-partition",
                "dead-letter-offset", "dead-letter-kind", "dead-letter-attempts", "dead-letter-group", "dead-letter-timestamp",
                "dead-letter-original-timestamp", "dead-letter-spool-id", "dead-letter-shortened", "dead-letter-original-bytes",
                "dead-letter-kept-host", "dead-letter-kept-file");
    }

    @Test
    void shouldStripEveryMarkOfAnEarlierLifeAndNothingElse() {
        // Given
        List<Header> others = List.of(header("traceparent", "00-1"), header("dead-letter", "mine"),
                header("dead-letter-reason-code", "7"), header("x-dead-letter-reason", "8"), header("traceparent", "00-2"));
        Headers headers = new RecordHeaders();
        headers.add(others.get(0)).add(others.get(1));
        names().forEach(name -> headers.add(header(name, "first")));
        headers.add(others.get(2)).add(others.get(3));
        names().forEach(name -> headers.add(header(name, "second")));
        headers.add(others.get(4));

        // When
        DeadLetterHeaders.strip(headers);

        // Then
        assertThat(headers.toArray()).containsExactlyElementsOf(others);
    }

    @ParameterizedTest
    @CsvSource({ "POISON,poison", "EXHAUSTED,exhausted", "UNDECODABLE,undecodable", "UNDELIVERABLE,undeliverable" })
    void shouldAddWhatSmallRyeLeavesOut(DeadLetterKind kind, String label) {
        // Given
        Throwable failure = new IllegalStateException("outer", new IllegalArgumentException("inner"));

        // When
        Headers headers = DeadLetterHeaders.of(kind, 4, "a-group", failure, NOW, ORIGINAL);

        // Then
        assertThat(texts(headers)).containsOnly(Map.entry("dead-letter-kind", label), Map.entry("dead-letter-attempts", "4"),
                Map.entry("dead-letter-group", "a-group"), Map.entry("dead-letter-timestamp", "2026-03-01T12:34:56.789Z"),
                Map.entry("dead-letter-original-timestamp", "2026-02-28T23:59:59Z"));
    }

    @Test
    void shouldAddTheCauseOnlyWhereTheFailureHasNone() {
        // Given
        Throwable failure = new IllegalStateException("caf\u00e9 is closed");

        // When
        Map<String, String> headers = texts(DeadLetterHeaders.of(DeadLetterKind.POISON, 1, "g", failure, NOW, ORIGINAL));

        // Then
        assertThat(headers).hasSize(7).containsEntry("dead-letter-cause-class-name", "java.lang.IllegalStateException")
                .containsEntry("dead-letter-cause", "caf\u00e9 is closed");
    }

    @Test
    void shouldUseTheClassOfAFailureWithoutAMessage() {
        // Given
        Throwable failure = new IllegalStateException();

        // When
        Map<String, String> headers = texts(DeadLetterHeaders.of(DeadLetterKind.POISON, 1, "g", failure, NOW, ORIGINAL));

        // Then
        assertThat(headers).containsEntry("dead-letter-cause", "java.lang.IllegalStateException");
    }

    private static Header header(String name, String value) {
        return new RecordHeaders().add(name, value.getBytes(StandardCharsets.UTF_8)).lastHeader(name);
    }

    private static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = new HashMap<>();
        headers.forEach(header -> assertThat(
                texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8))).as(header.key()).isNull());
        return texts;
    }

    /** The names by which the rest of the program knows them. */
    private static List<String> names() {
        return Arrays.stream(DeadLetterHeaders.class.getFields()).filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> field.getType() == String.class).flatMap(DeadLetterHeadersTest::value).toList();
    }

    private static Stream<String> value(Field field) {
        try {
            return Stream.of((String) field.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
