package io.orderstream.api;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.redrive.RedriveRequest;

/**
 * Parses the body of a redrive request. Unknown fields are errors: with a mistyped filter a redrive would send all.
 *
 * @param dryRun whether only to report what would be sent
 * @param request the validated request
 */
record RedriveInput(boolean dryRun, RedriveRequest request) {

    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    private static final List<String> FIELDS = List.of("filter", "dryRun", "ratePerSecond", "limit", "includeRedriven");
    private static final List<String> FILTER_FIELDS = List.of("topic", "kind", "reason", "reasonGroup", "key", "since", "until",
            "letters");
    private static final List<String> LETTER_FIELDS = List.of("topic", "partition", "offset");
    private static final Pattern REASON_GROUP = Pattern.compile("[0-9a-f]{8}");
    private static final Set<String> KINDS = Stream
            .concat(Arrays.stream(DeadLetterKind.values()).map(DeadLetterKind::label), Stream.of(DeadLetter.UNKNOWN))
            .collect(Collectors.toUnmodifiableSet());
    private static final int LONGEST_SHOWN = 200;

    /** @throws InvalidInputException if the body is not JSON or a field is invalid */
    static RedriveInput parse(byte[] body) {
        JsonNode json = json(body);
        object(json, "body", FIELDS, "");
        JsonNode rate = json.path("ratePerSecond");
        JsonNode limit = json.path("limit");
        Double perSecond = isGiven(rate)
                ? number(rate, "ratePerSecond", RedriveRequest.LOWEST_RATE, RedriveRequest.HIGHEST_RATE)
                : null;
        return new RedriveInput(flag(json, "dryRun"), new RedriveRequest(filter(json.path("filter")),
                flag(json, "includeRedriven"), perSecond,
                isGiven(limit) ? (int) whole(limit, "limit", 1, RedriveRequest.MOST_LETTERS) : RedriveRequest.MOST_LETTERS));
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("body", "JSON, each field once (" + e.getOriginalMessage() + ")",
                    shown(new String(body)));
        } catch (IOException e) {
            throw new IllegalStateException("bytes can be read", e);
        }
    }

    private static DeadLetterFilter filter(JsonNode json) {
        object(json, "filter", FILTER_FIELDS, "filter.");
        String kind = text(json, "kind");
        check(kind == null || KINDS.contains(kind), "filter.kind", "one of " + KINDS.stream().sorted().toList(), kind);
        String group = text(json, "reasonGroup");
        check(group == null || REASON_GROUP.matcher(group).matches(), "filter.reasonGroup", "eight digits of 0-9 and a-f",
                group);
        Instant since = time(json, "since");
        Instant until = time(json, "until");
        check(since == null || until == null || since.isBefore(until), "filter.until", "later than since",
                String.valueOf(until));
        return new DeadLetterFilter(text(json, "topic"), kind, text(json, "reason"), group, text(json, "key"), since, until,
                letters(json.path("letters")));
    }

    private static List<DeadLetterFilter.Coordinates> letters(JsonNode json) {
        if (!isGiven(json)) {
            return null;
        }
        // An empty list would select all dead letters, which cannot be intended.
        check(json.isArray() && !json.isEmpty() && json.size() <= RedriveRequest.MOST_COORDINATES, "filter.letters",
                "a list of 1 to " + RedriveRequest.MOST_COORDINATES + " objects with " + LETTER_FIELDS, shown(json));
        List<DeadLetterFilter.Coordinates> letters = new ArrayList<>(json.size());
        for (JsonNode letter : json) {
            String field = "filter.letters[" + letters.size() + "]";
            object(letter, field, LETTER_FIELDS, field + ".");
            JsonNode topic = letter.path("topic");
            check(topic.isTextual() && !topic.asText().isBlank(), field + ".topic", "text", shown(topic));
            letters.add(new DeadLetterFilter.Coordinates(topic.asText(),
                    (int) whole(letter.path("partition"), field + ".partition", 0, Integer.MAX_VALUE),
                    whole(letter.path("offset"), field + ".offset", 0, Long.MAX_VALUE)));
        }
        return List.copyOf(letters);
    }

    private static void object(JsonNode json, String name, List<String> fields, String prefix) {
        check(json.isObject(), name, "an object with the fields " + fields, shown(json));
        json.fieldNames().forEachRemaining(field -> check(fields.contains(field), prefix + field,
                "left out: the fields are " + fields, shown(json.get(field))));
    }

    private static String text(JsonNode filter, String name) {
        JsonNode json = filter.path(name);
        check(!isGiven(json) || json.isTextual() && !json.asText().isEmpty(), "filter." + name, "text that is not empty",
                shown(json));
        return isGiven(json) ? json.asText() : null;
    }

    private static Instant time(JsonNode filter, String name) {
        String text = text(filter, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new InvalidInputException("filter." + name, "a time such as 2026-01-31T12:00:00Z", shown(text));
        }
    }

    private static boolean flag(JsonNode json, String name) {
        JsonNode flag = json.path(name);
        check(!isGiven(flag) || flag.isBoolean(), name, "true or false", shown(flag));
        return flag.asBoolean();
    }

    private static long whole(JsonNode json, String field, long least, long most) {
        check(json.isIntegralNumber() && json.canConvertToLong() && json.asLong() >= least && json.asLong() <= most, field,
                "a whole number from " + least + " to " + most, shown(json));
        return json.asLong();
    }

    private static double number(JsonNode json, String field, double least, double most) {
        check(json.isNumber() && json.decimalValue().compareTo(BigDecimal.valueOf(least)) >= 0
                && json.decimalValue().compareTo(BigDecimal.valueOf(most)) <= 0, field,
                String.format(Locale.ROOT, "a number from %s to %.0f", least, most), shown(json));
        return json.doubleValue();
    }

    private static boolean isGiven(JsonNode json) {
        return !json.isMissingNode() && !json.isNull();
    }

    private static void check(boolean holds, String field, String rule, String value) {
        if (!holds) {
            throw new InvalidInputException(field, rule, value);
        }
    }

    private static String shown(JsonNode json) {
        return json.isMissingNode() ? "" : shown(json.isTextual() ? json.asText() : json.toString());
    }

    private static String shown(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}
