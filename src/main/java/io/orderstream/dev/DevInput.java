package io.orderstream.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Iterator;
import java.util.List;

import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.api.InvalidInputException;
import io.orderstream.json.NotJsonException;
import io.orderstream.json.StrictJson;

/**
 * The body of a request to {@link DevResource}: an object whose fields are numbers. It has to be {@code application/json} and
 * said to be so, also if it is empty.
 */
record DevInput(JsonNode json) {

    /**
     * Reads a body.
     *
     * @param known names of the fields there may be
     * @throws InvalidInputException if it is no object with these fields
     */
    static DevInput read(HttpHeaders headers, byte[] body, String... known) {
        if (headers.getMediaType() == null) {
            throw new NotSupportedException();
        }
        return parse(body, known);
    }

    static DevInput parse(byte[] body, String... known) {
        JsonNode json;
        try {
            json = StrictJson.read(body);
        } catch (NotJsonException e) {
            throw new InvalidInputException("body", "JSON, each field once (" + e.getMessage() + ")", new String(body, UTF_8));
        }
        boolean isKnown = json.isObject();
        for (Iterator<String> names = json.fieldNames(); names.hasNext();) {
            isKnown &= List.of(known).contains(names.next());
        }
        if (!isKnown) {
            String fields = known.length == 0 ? "no fields" : "no other fields than " + String.join(" and ", known);
            throw new InvalidInputException("body", "an object with " + fields, json.toString());
        }
        return new DevInput(json);
    }

    /** A number from 0 on, or null if it is left out. */
    Double optional(String name, double most) {
        JsonNode value = json.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= most) {
            return value.doubleValue();
        }
        throw new InvalidInputException(name, "a number from 0 to " + (long) most, value.toString());
    }

    /** A whole number from 1 on. */
    int whole(String name, int most) {
        JsonNode value = json.path(name);
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1 && value.intValue() <= most) {
            return value.intValue();
        }
        throw new InvalidInputException(name, "a whole number from 1 to " + most, value.toString());
    }
}
