package io.orderstream.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterFilter.Coordinates;
import io.orderstream.json.DateTimeFormat;
import io.orderstream.json.NotJsonException;
import io.orderstream.json.StrictJson;
import io.orderstream.json.ValueSchema;
import io.orderstream.redrive.RedriveRequest;

/**
 * The body of a redrive, which {@value #SCHEMA} describes.
 *
 * @param dryRun whether only to report what would be sent
 * @param request the validated request
 */
record RedriveInput(boolean dryRun, RedriveRequest request) {

    static final String SCHEMA = "schemas/redrive.json";

    private static final int LONGEST_SHOWN = 200;

    /**
     * Reads a body.
     *
     * @param schema that of {@link #SCHEMA}
     * @throws InvalidInputException if the body breaks a rule
     */
    static RedriveInput parse(byte[] body, ValueSchema schema) {
        JsonNode json = json(body);
        schema.firstBroken(json).ifPresent(broken -> {
            throw new InvalidInputException(broken.field().isEmpty() ? "body" : broken.field(), broken.rule(),
                    shown(broken.value()));
        });
        JsonNode rate = json.path("ratePerSecond");
        int limit = json.hasNonNull("limit") ? json.get("limit").intValue() : RedriveRequest.MOST_LETTERS;
        return new RedriveInput(json.path("dryRun").asBoolean(), new RedriveRequest(filter(json.get("filter")),
                json.path("includeRedriven").asBoolean(), rate.isNumber() ? rate.doubleValue() : null, limit));
    }

    private static JsonNode json(byte[] body) {
        try {
            return StrictJson.read(body);
        } catch (NotJsonException e) {
            throw new InvalidInputException("body", "JSON, each field once (" + e.getMessage() + ")",
                    shown(TextNode.valueOf(new String(body, StandardCharsets.UTF_8))));
        }
    }

    private static DeadLetterFilter filter(JsonNode json) {
        Instant since = time(json.path("since"));
        Instant until = time(json.path("until"));
        if (since != null && until != null && !since.isBefore(until)) {
            throw new InvalidInputException("filter.until", "later than since", until.toString());
        }
        return new DeadLetterFilter(json.path("topic").textValue(), json.path("kind").textValue(),
                json.path("reason").textValue(), json.path("reasonGroup").textValue(), json.path("key").textValue(), since,
                until, json.hasNonNull("letters") ? letters(json.get("letters")) : null);
    }

    private static List<Coordinates> letters(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false).map(letter -> new Coordinates(letter.get("topic").textValue(),
                letter.get("partition").intValue(), letter.get("offset").longValue())).toList();
    }

    private static Instant time(JsonNode json) {
        return json.isTextual() ? DateTimeFormat.parse(json.textValue()) : null;
    }

    /** Texts without their quotes, and no more than a line of anything; empty for what is missing. */
    private static String shown(JsonNode json) {
        String text = json.isMissingNode() ? "" : json.isTextual() ? json.textValue() : json.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}
