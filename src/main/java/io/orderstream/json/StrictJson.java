package io.orderstream.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Parses JSON (RFC 8259) without ambiguity: duplicate fields and trailing data are errors, decimals are not rounded.
 * Thread safe.
 */
public final class StrictJson {

    private static final int DEEPEST = 100;

    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private StrictJson() {
    }

    /**
     * Parses one value, nested at most {@value #DEEPEST} levels deep.
     *
     * @throws NotJsonException if the bytes are not one JSON value
     */
    public static JsonNode read(byte[] bytes) {
        try {
            JsonNode value = MAPPER.readTree(bytes);
            if (value == null || value.isMissingNode()) {
                throw new NotJsonException("there is nothing");
            }
            return value;
        } catch (JsonProcessingException e) {
            // Jackson's full message would quote the text and name Java classes.
            throw new NotJsonException(e.getOriginalMessage()
                    + (e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset()));
        } catch (IOException e) {
            // For instance a lone surrogate in what Jackson takes for UTF-16.
            throw new NotJsonException(e.getMessage());
        }
    }
}
