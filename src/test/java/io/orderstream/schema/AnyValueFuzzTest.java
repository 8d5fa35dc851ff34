package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.apache.avro.Schema;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.deadletter.ReadValue;
import io.orderstream.order.Order;
import io.orderstream.testsupport.Fuzzed;
import io.smallrye.mutiny.Uni;

/** Values of dead letters, which are shown in answers. */
class AnyValueFuzzTest {

    private static final long PER_BYTE = 1_000;
    private static final Schema RICH = new Schema.Parser().parse("""
            {"type": "record", "name": "Rich", "fields": [
              {"name": "nulls", "type": {"type": "array", "items": "null"}},
              {"name": "map", "type": {"type": "map", "values": ["null", "bytes", "double", "Rich"]}},
              {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
              {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 8}},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "next", "type": ["null", "string", "int", "boolean", "float"]}]}""");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AnyValueReader READER = new AnyValueReader(Frames.loaded(Map.of(0, Order.getClassSchema(), 1, RICH)),
            id -> Uni.createFrom().item(List.of()), Runnable::run);

    @FuzzTest
    void shouldShowAnyValueOrNone(byte[] value) throws Exception {
        // When
        ReadValue read = new Fuzzed(value)
                .parse(PER_BYTE, Exception.class, () -> READER.read(value, List.of("orders")).await().indefinitely())
                .orElse(null);

        // Then
        if (read != null) {
            assertThat(JSON.readTree(JSON.writeValueAsBytes(read.content()))).isNotNull();
        }
    }
}
