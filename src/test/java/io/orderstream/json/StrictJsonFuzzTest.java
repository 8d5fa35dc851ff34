package io.orderstream.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.record.Decoder;
import io.orderstream.record.UndecodableException;
import io.orderstream.testsupport.Fuzzed;

/** JSON from anywhere, as a tree, as a Java record, and under a schema with all rules that look at a value. */
class StrictJsonFuzzTest {

    private static final long PER_BYTE = 2_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ValueSchema SCHEMA = ValueSchema.compile("fuzzed", """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "x-key": "id", "properties": {
              "id": {"type": "string", "pattern": "^[a-z]{1,20}$"}, "at": {"type": "string", "format": "date-time"},
              "mail": {"type": "string", "format": "email"}, "count": {"type": "integer", "minimum": 1, "maximum": 9},
              "price": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1E+20, "multipleOf": 0.01},
              "list": {"type": "array", "items": {"enum": [1, "a", null]}, "uniqueItems": true, "maxItems": 1000}}}"""
            .getBytes(StandardCharsets.UTF_8));

    private static final Decoder<Value> DECODER = StrictJson.decoder(Value.class);

    record Value(String id, long count, double price, BigDecimal exact, Instant at, List<String> list) {
    }

    @FuzzTest
    void shouldReadOrRefuse(byte[] bytes) throws Exception {
        // Given
        Fuzzed input = new Fuzzed(bytes);

        // When
        Optional<JsonNode> json = input.parse(PER_BYTE, NotJsonException.class, () -> StrictJson.read(bytes));
        input.parse(PER_BYTE, UndecodableException.class, () -> DECODER.tryDecode(bytes));

        // Then
        if (json.isPresent()) {
            List<Violation> violations = input.parse(PER_BYTE, () -> SCHEMA.violations(json.get()));
            assertThat(violations).extracting(Violation::rule).noneMatch(rule -> rule.startsWith("cannot be validated"));
            // A zero loses its exponent when it is written.
            byte[] written = JSON.writeValueAsBytes(json.get());
            assertThat(JSON.writeValueAsBytes(StrictJson.read(written))).isEqualTo(written);
        }
    }
}
