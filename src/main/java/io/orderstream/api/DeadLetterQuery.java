package io.orderstream.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Stream;

import jakarta.ws.rs.core.MultivaluedMap;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterStatus;
import io.quarkus.runtime.configuration.DurationConverter;

/**
 * Query parameters of {@code GET /api/dead-letters}. A missing or blank parameter does not filter.
 *
 * @param filter filter for the latest dead letter of a record
 * @param status status to select, null for any
 * @param limit most entries returned
 * @param asRecords whether order dead letters are returned as {@link OrderDeadLetterView}
 */
record DeadLetterQuery(DeadLetterFilter filter, DeadLetterStatus status, int limit, boolean asRecords) {

    static final int DEFAULT_LIMIT = 100;
    static final int LARGEST_LIMIT = 1_000;

    private static final String RECORD = "record";

    /**
     * @param parameters query parameters of the request
     * @param now time from which durations count back
     * @throws InvalidInputException if a value is invalid
     */
    static DeadLetterQuery of(MultivaluedMap<String, String> parameters, Instant now) {
        DeadLetterFilter filter = new DeadLetterFilter(text(parameters, "topic"), kind(parameters), text(parameters, "reason"),
                text(parameters, "reasonGroup"), text(parameters, "key"), time(parameters, "since", now),
                time(parameters, "until", now), null);
        return new DeadLetterQuery(filter, status(parameters),
                Limits.read("limit", parameters.getFirst("limit"), DEFAULT_LIMIT, LARGEST_LIMIT),
                asRecords(parameters));
    }

    private static boolean asRecords(MultivaluedMap<String, String> parameters) {
        String value = text(parameters, "shape");
        if (value != null && !value.equals(RECORD)) {
            throw new InvalidInputException("shape", RECORD + ", or left out", value);
        }
        return value != null;
    }

    private static String text(MultivaluedMap<String, String> parameters, String name) {
        String value = parameters.getFirst(name);
        return value == null || value.isBlank() ? null : value;
    }

    private static String kind(MultivaluedMap<String, String> parameters) {
        String value = text(parameters, "kind");
        if (value != null && !DeadLetter.KINDS.contains(value)) {
            throw new InvalidInputException("kind", oneOf(DeadLetter.KINDS), value);
        }
        return value;
    }

    private static DeadLetterStatus status(MultivaluedMap<String, String> parameters) {
        String value = text(parameters, "status");
        if (value == null) {
            return null;
        }
        return Stream.of(DeadLetterStatus.values()).filter(status -> status.label().equals(value)).findFirst()
                .orElseThrow(() -> new InvalidInputException("status",
                        oneOf(Stream.of(DeadLetterStatus.values()).map(DeadLetterStatus::label).toList()), value));
    }

    private static String oneOf(List<String> choices) {
        return "one of " + String.join(", ", choices);
    }

    private static Instant time(MultivaluedMap<String, String> parameters, String name, Instant now) {
        String value = text(parameters, name);
        if (value == null) {
            return null;
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            return before(now, name, value);
        }
    }

    private static Instant before(Instant now, String name, String value) {
        try {
            Duration ago = DurationConverter.parseDuration(value);
            // It is null for text of nothing but control characters, which is not blank.
            if (ago != null && !ago.isNegative()) {
                return now.minus(ago);
            }
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            // reported below
        }
        throw new InvalidInputException(name,
                "a time such as 2026-03-01T12:00:00Z, or how long ago that was, such as 15m or PT1H", value);
    }
}
