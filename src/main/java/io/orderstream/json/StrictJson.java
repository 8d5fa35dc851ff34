package io.orderstream.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.orderstream.record.Decoder;
import io.orderstream.record.UndecodableException;

/**
 * Parses JSON (RFC 8259) without ambiguity: duplicate fields and trailing data are errors, decimals are not rounded, and the
 * bytes are UTF-8, behind a byte order mark or without one. Text that UTF-8 cannot hold, an escape of a lone surrogate, is an
 * error as well. Thread safe.
 */
public final class StrictJson {

    private static final int DEEPEST = 100;

    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModules(new JavaTimeModule(), FiniteNumbers.module()).build();

    private StrictJson() {
    }

    /**
     * A decoder of JSON into a Java record. Each of its components must be there, and nothing is converted: no text to a
     * number, no fraction to a whole number. Fields the record does not have are ignored.
     */
    public static <T> Decoder<T> decoder(Class<T> type) {
        ObjectReader reader = MAPPER.readerFor(type);
        return bytes -> {
            try {
                JsonBytes.check(bytes);
                T value = reader.readValue(bytes);
                if (value == null) {
                    throw new UndecodableException("the value is JSON's null");
                }
                return value;
            } catch (NotJsonException e) {
                throw new UndecodableException("not JSON: " + e.getMessage(), e);
            } catch (IOException e) {
                throw new UndecodableException("no " + type.getSimpleName() + ": " + reason(e), e);
            }
        };
    }

    /** Jackson's full message would quote the text and name Java classes. */
    private static String reason(IOException failure) {
        return failure instanceof JsonProcessingException json ? json.getOriginalMessage()
                + (json.getLocation() == null ? "" : " at byte " + json.getLocation().getByteOffset()) : failure.getMessage();
    }

    /**
     * Parses one value, nested at most {@value #DEEPEST} levels deep, with exponents of at most
     * {@value JsonBytes#LARGEST_EXPONENT}.
     *
     * @throws NotJsonException if the bytes are not one JSON value
     */
    public static JsonNode read(byte[] bytes) {
        JsonBytes.check(bytes);
        try {
            JsonNode value = MAPPER.readTree(bytes);
            if (value == null || value.isMissingNode()) {
                throw new NotJsonException("there is nothing");
            }
            return value;
        } catch (IOException e) {
            throw new NotJsonException(reason(e));
        } catch (RuntimeException e) {
            throw e instanceof NotJsonException ? e : new NotJsonException("cannot be parsed: " + e);
        }
    }

    /**
     * Returns a JSON text as it may be sent to others: without the byte order mark that RFC 8259 lets a reader ignore.
     *
     * @param bytes one value
     */
    public static byte[] withoutMark(byte[] bytes) {
        return JsonBytes.withoutMark(bytes);
    }
}
