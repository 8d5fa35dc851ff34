package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.avro.Schema;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.record.UndecodableException;
import io.orderstream.schema.Frames;
import io.orderstream.testsupport.Fuzzed;

/** Values of the orders' topic, in Confluent's wire format: those with ids 0 to 7 in the schemas of as many writers. */
class OrderDecoderFuzzTest {

    private static final String ORDER = """
            {"type": "record", "name": "Order", "namespace": "org.elsewhere", "fields": [%s, %s, %s]}""";
    private static final String TEXT_ID = "{\"name\": \"orderId\", \"type\": \"string\"}";
    private static final String ANY_ID = "{\"name\": \"order_id\", \"type\": [\"null\", \"int\", \"string\", \"long\", \"bytes\"]}";
    private static final String PRODUCT = "{\"name\": \"product\", \"type\": \"string\"}";
    private static final String BYTES = "{\"name\": \"product\", \"type\": \"bytes\"}";
    private static final String PRICE = "{\"name\": \"price\", \"type\": \"%s\"}";
    /** What has a length, a count or a depth, in front of an order. */
    private static final String RICH = """
            {"name": "nulls", "type": {"type": "array", "items": "null"}},
            {"name": "nested", "type": {"type": "array", "items": {"type": "array", "items": "null"}}},
            {"name": "map", "type": {"type": "map", "values": "bytes"}},
            {"name": "node", "type": {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}},
            {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
            {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 8}},""";

    private static final long PER_BYTE = 100;

    private static final OrderDecoder DECODER = new OrderDecoder(Frames.loaded(schemas()));

    private static Map<Integer, Schema> schemas() {
        Map<Integer, Schema> schemas = new HashMap<>(Map.of(0, Order.getClassSchema()));
        schemas.put(1, schema(TEXT_ID, PRODUCT, PRICE.formatted("double")));
        schemas.put(2, schema("{\"name\": \"order_id\", \"type\": \"int\"}", PRODUCT, PRICE.formatted("long")));
        schemas.put(3, schema(ANY_ID, BYTES, "{\"name\": \"price\", \"type\": [\"null\", \"float\", \"double\", \"int\"]}"));
        schemas.put(4, schema(RICH + TEXT_ID, BYTES, PRICE.formatted("float")));
        schemas.put(5,
                schema(TEXT_ID, PRODUCT, PRICE.formatted("float") + ", " + RICH + "{\"name\": \"more\", \"type\": \"Order\"}"));
        schemas.put(6, schema(TEXT_ID, "{\"name\": \"product\", \"type\": \"int\"}", PRICE.formatted("float")));
        schemas.put(7, Schema.create(Schema.Type.STRING));
        return schemas;
    }

    private static Schema schema(String id, String product, String price) {
        return new Schema.Parser().parse(ORDER.formatted(id, product, price));
    }

    @FuzzTest
    void shouldDecodeOrRefuse(byte[] value) {
        // When
        Optional<Order> order = new Fuzzed(value).parse(PER_BYTE, UndecodableException.class, () -> DECODER.tryDecode(value));

        // Then
        order.ifPresent(decoded -> {
            Map<String, Object> fields = Map.of("orderId", decoded.getOrderId(), "product", decoded.getProduct(), "price",
                    decoded.getPrice());
            assertThat(DECODER.tryDecode(Frames.frame(0, Order.getClassSchema(), fields))).isEqualTo(decoded);
            new Fuzzed(value).parse(PER_BYTE, PoisonOrderException.class, () -> Money.cents(decoded));
        });
    }
}
