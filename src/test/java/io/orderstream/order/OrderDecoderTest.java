package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.record.UndecodableException;
import io.orderstream.schema.Frames;

/** The schemas other producers write orders with, the scripts of docs/migrating.md first. */
class OrderDecoderTest {

    private static final String TEXT = "\"string\"";
    private static final String FLOAT = "\"float\"";
    private static final String DOUBLE = "\"double\"";

    @Test
    void shouldReadTheOrdersOfTheScriptsOfBigData() {
        // Given
        Schema writer = schema("com.bigdata.orders", "orderId", TEXT, FLOAT);

        // When
        Order order = decode(writer, Map.of("orderId", "1001", "product", "Laptop", "price", 756.32f));

        // Then
        assertThat(order).isEqualTo(new Order("1001", "Laptop", 756.32f));
    }

    @Test
    void shouldReadTheOrdersOfTheScriptsWithSnakeCase() {
        // Given
        Schema writer = schema("com.example.orders", "order_id", TEXT, FLOAT);

        // When
        Order order = decode(writer, Map.of("order_id", "o-1", "product", "Toffee", "price", 10f));

        // Then
        assertThat(order).isEqualTo(new Order("o-1", "Toffee", 10f));
    }

    @Test
    void shouldReadAnOrderWhoseIdIsAnIntAndWhosePriceIsADouble() {
        // Given
        Schema writer = schema("com.example.orders", "order_id", "\"int\"", DOUBLE);

        // When
        Order order = decode(writer, Map.of("order_id", 1001, "product", "Toffee", "price", 19.99));

        // Then
        assertThat(order).isEqualTo(new Order("1001", "Toffee", 19.99f));
        assertThat(Money.cents(order)).isEqualTo(1999);
    }

    @ParameterizedTest
    @CsvSource({ "int,0", "int,-2147483648", "int,2147483647", "long,7", "long,9223372036854775807",
            "long,-9223372036854775808" })
    void shouldReadAWholeNumberAsItsDecimalText(String type, String id) {
        // Given
        Schema writer = schema("org.elsewhere", "orderId", "\"" + type + "\"", FLOAT);
        Number number = type.equals("int") ? Integer.valueOf(id) : Long.valueOf(id);

        // When
        Order order = decode(writer, Map.of("orderId", number, "product", "p", "price", 1f));

        // Then
        assertThat(order).isEqualTo(new Order(id, "p", 1f));
    }

    @Test
    void shouldReadEachBranchOfAUnionOfTextsAndNumbers() {
        // Given
        Schema all = schema("org.elsewhere", "order_id", "[\"null\", \"int\", \"string\", \"long\", \"bytes\"]", DOUBLE);
        Schema optional = schema("org.elsewhere", "order_id", "[\"null\", \"int\"]", FLOAT);
        Schema optionalText = schema("org.elsewhere", "order_id", "[\"null\", \"string\"]", FLOAT);

        // Then
        assertThat(decode(all, order(1001, 1.0)).getOrderId()).isEqualTo("1001");
        assertThat(decode(all, order(5_000_000_000L, 1.0)).getOrderId()).isEqualTo("5000000000");
        assertThat(decode(all, order("o-1", 1.0)).getOrderId()).isEqualTo("o-1");
        assertThat(decode(all, order(ByteBuffer.wrap(new byte[] { 'o' }), 1.0)).getOrderId()).isEqualTo("o");
        assertThat(decode(optional, order(7, 1f)).getOrderId()).isEqualTo("7");
        assertThat(decode(optionalText, order("o-2", 1f)).getOrderId()).isEqualTo("o-2");
        assertUndecodable(all, order(null, 1.0), "Found null, expecting union");
        assertUndecodable(optional, order(null, 1f), "Found null, expecting union");
        assertUndecodable(optionalText, order(null, 1f), "Found null, expecting string");
    }

    @Test
    void shouldReadOnlyTheOrderIdFromANumber() {
        // Given
        Schema writer = new Schema.Parser().parse("""
                {"type": "record", "name": "Order", "fields": [{"name": "orderId", "type": "int"},
                  {"name": "product", "type": "int"}, {"name": "price", "type": "float"}]}""");

        // Then
        assertUndecodable(writer, Map.of("orderId", 1, "product", 2, "price", 1f),
                "unresolvable schema: id 1, Order: Found int, expecting string");
    }

    @Test
    void shouldSayWhyItCannotReadWhatIsNeitherNumberNorText() {
        // Given
        Schema symbol = schema("org.elsewhere", "orderId", "{\"type\": \"enum\", \"name\": \"Id\", \"symbols\": [\"A\"]}",
                FLOAT);
        Schema decimal = schema("org.elsewhere", "orderId", TEXT,
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}");
        Schema fraction = schema("org.elsewhere", "orderId", DOUBLE, FLOAT);

        // Then
        assertUndecodable(symbol, Map.of("orderId", new GenericData.EnumSymbol(symbol.getField("orderId").schema(), "A"),
                "product", "p", "price", 1f), "unresolvable schema: id 1, org.elsewhere.Order: Found org.elsewhere.Id");
        assertUndecodable(decimal, Map.of("orderId", "o-1", "product", "p", "price", ByteBuffer.wrap(new byte[] { 1 })),
                "unresolvable schema: id 1, org.elsewhere.Order: Found bytes, expecting float");
        assertUndecodable(fraction, Map.of("orderId", 1.5, "product", "p", "price", 1f),
                "unresolvable schema: id 1, org.elsewhere.Order: Found double, expecting string");
    }

    @Test
    void shouldRefuseARecordWithANumberTruncatedAnywhere() {
        // Given
        Schema writer = schema("com.example.orders", "order_id", "\"int\"", DOUBLE);
        byte[] valid = Frames.frame(1, writer, order(1001, 1.0));
        OrderDecoder decoder = decoder(writer);

        // Then
        for (int length = 0; length < valid.length; length++) {
            byte[] truncated = Arrays.copyOf(valid, length);
            assertThatThrownBy(() -> decoder.tryDecode(truncated)).as("%d of %d bytes", length, valid.length)
                    .isExactlyInstanceOf(UndecodableException.class);
        }
        assertThat(decoder.tryDecode(valid).getOrderId()).isEqualTo("1001");
    }

    private static Map<String, Object> order(Object id, Object price) {
        Map<String, Object> values = new HashMap<>(Map.of("product", "p", "price", price));
        values.put("order_id", id);
        return values;
    }

    private static Schema schema(String namespace, String idName, String idType, String priceType) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Order", "namespace": "%s", "fields": [{"name": "%s", "type": %s},
                  {"name": "product", "type": "string"}, {"name": "price", "type": %s}]}"""
                .formatted(namespace, idName, idType, priceType));
    }

    private static OrderDecoder decoder(Schema writer) {
        return new OrderDecoder(Frames.loaded(Map.of(1, writer)));
    }

    private static Order decode(Schema writer, Map<String, Object> values) {
        return decoder(writer).tryDecode(Frames.frame(1, writer, values));
    }

    private static void assertUndecodable(Schema writer, Map<String, Object> values, String reason) {
        assertThatThrownBy(() -> decode(writer, values)).isExactlyInstanceOf(UndecodableException.class)
                .hasMessageContaining(reason);
    }
}
