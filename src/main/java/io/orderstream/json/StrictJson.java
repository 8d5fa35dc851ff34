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
 * Reads JSON as RFC 8259 has it, and nothing that two readers may understand differently: no field twice, nothing behind the
 * value, no decimal rounded. Thread safe.
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
     * The value of a text.
     *
     * @throws NotJsonException if it is none
     */
    public static JsonNode read(byte[] bytes) {
        try {
            JsonNode value = MAPPER.readTree(bytes);
            if (value == null || value.isMissingNode()) {
                throw new NotJsonException("there is nothing");
            }
            return value;
        } catch (JsonProcessingException e) {
            // Its own message quotes the text, and says in which classes it was read.
            throw new NotJsonException(e.getOriginalMessage()
                    + (e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset()));
        } catch (IOException e) {
            // Such as a surrogate that stands alone in what looks like UTF-16.
            throw new NotJsonException(e.getMessage());
        }
    }
}
