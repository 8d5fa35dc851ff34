package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.orderstream.order.Order;
import io.orderstream.record.UndecodableException;

/** Whatever the bytes of a record are, decoding them ends soon, with an order or with UndecodableException. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileRecordsTest {

    /** A writer's schema with everything that has a length, a count or a depth. */
    private static final Schema RICH = new Schema.Parser()
            .parse("""
                    {"type": "record", "name": "Order", "namespace": "org.elsewhere", "fields": [
                      {"name": "nulls", "type": {"type": "array", "items": "null"}},
                      {"name": "nested", "type": {"type": "array", "items": {"type": "array", "items": "null"}}},
                      {"name": "map", "type": {"type": "map", "values": "bytes"}},
                      {"name": "node", "type": {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}},
                      {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
                      {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2000000000}},
                      {"name": "orderId", "type": "string"},
                      {"name": "product", "type": "bytes"},
                      {"name": "price", "type": ["null", "float", "double"]}]}""");

    private final AvroDecoder<Order> decoder = new AvroDecoder<>(
            Frames.loaded(Map.of(1, Order.getClassSchema(), 2, RICH)), Order.class, Frames.UNADAPTED);

    private final byte[] valid = Frames.frame(1, Order.getClassSchema(),
            Map.of("orderId", "order-1", "product", "a product", "price", 12.5f));

    @Test
    void shouldRefuseARecordTruncatedAnywhere() {
        for (int length = 0; length < valid.length; length++) {
            byte[] truncated = Arrays.copyOf(valid, length);

            assertThatThrownBy(() -> decoder.tryDecode(truncated)).as("%d of %d bytes", length, valid.length)
                    .isExactlyInstanceOf(UndecodableException.class);
        }
        assertThat(decoder.tryDecode(valid)).isNotNull();
    }

    @Test
    void shouldRefuseBytesBehindTheRecord() {
        assertUndecodable(Arrays.copyOf(valid, valid.length + 1), "1 bytes are left after the record");
    }

    @Test
    void shouldNotAllocateForALengthThatIsNotThere() {
        assertUndecodable(frame(1, 0xfe, 0xff, 0xff, 0xff, 0x0f), "2147483647 bytes declared");
        assertUndecodable(frame(1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01), "bytes declared");
        assertUndecodable(frame(1, 0x01), "negative length -1");
        assertUndecodable(frame(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), "more than 10 bytes");
    }

    @Test
    void shouldNotCountForEverInBlocksOfNothing() {
        // Many nulls, Long.MIN_VALUE of them, and blocks that announce a size below zero, which would lead back to themselves.
        assertUndecodable(frame(2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40), "impossible number of items");
        assertUndecodable(frame(2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00),
                "impossible number of items");
        assertThatThrownBy(() -> decoder.tryDecode(frame(2, 0x01, 0x03, 0x01, 0x03)))
                .isExactlyInstanceOf(UndecodableException.class);
    }

    @Test
    void shouldBoundTheItemsOfAWholeRecordNotOfEachBlock() {
        // Given
        int arrays = 100_000;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(frame(2, 0x00, 0xc0, 0x9a, 0x0c));
        for (int i = 0; i < arrays; i++) {
            // 10,000 nulls each, a billion in all
            out.writeBytes(new byte[] { (byte) 0xa0, (byte) 0x9c, 0x01, 0x00 });
        }

        // Then
        assertUndecodable(out.toByteArray(), "impossible number of items");
    }

    @Test
    void shouldSurviveANestingAsDeepAsTheRecordIsLong() {
        // Given
        byte[] deep = Arrays.copyOf(frame(2, 0, 0, 0), 1_000_000);
        Arrays.fill(deep, 8, deep.length, (byte) 0x02);

        // Then
        assertUndecodable(deep, "nested too deep");
    }

    @Test
    void shouldSurviveASchemaThatContainsItself() {
        // Given
        Schema endless = new Schema.Parser().parse("""
                {"type": "record", "name": "Order", "fields": [{"name": "order", "type": "Order"},
                  {"name": "orderId", "type": "string"}, {"name": "product", "type": "string"},
                  {"name": "price", "type": "double"}]}""");
        AvroDecoder<Order> hostile = new AvroDecoder<>(Frames.loaded(Map.of(1, endless)), Order.class, Frames.UNADAPTED);

        // Then
        assertThatThrownBy(() -> hostile.tryDecode(valid)).isExactlyInstanceOf(UndecodableException.class);
    }

    @Test
    void shouldReadNullsWithoutBytesAndBytesForText() {
        // Given
        Schema schema = SchemaBuilder.record("Order").namespace("org.elsewhere").fields()
                .name("nulls").type().array().items().nullType().noDefault()
                .requiredString("orderId").requiredBytes("product").requiredDouble("price").endRecord();
        AvroDecoder<Order> honest = new AvroDecoder<>(Frames.loaded(Map.of(1, schema)), Order.class, Frames.UNADAPTED);
        byte[] bytes = Frames.frame(1, schema, Map.of("nulls", Arrays.asList(new Object[5_000]), "orderId", "o-1",
                "product", ByteBuffer.wrap(new byte[] { 'p' }), "price", 1.5));

        // When
        Order order = honest.tryDecode(bytes);

        // Then
        assertThat(order).isEqualTo(new Order("o-1", "p", 1.5f));
    }

    @Test
    void shouldEndRandomBytesWithAnOrderOrARefusal() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = hostile(random, i % 5);
            try {
                Order order = decoder.tryDecode(bytes);
                // Null asks for a schema, which is right for an id that is not loaded, and for no other.
                int id = WireFormat.schemaId(bytes);
                assertThat(order == null).as("seed %d, record %d", seed, i).isEqualTo(id != 1 && id != 2);
            } catch (UndecodableException e) {
                assertThat(e.getMessage()).as("seed %d, record %d", seed, i).isNotBlank();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("seed %d, record %d: %s".formatted(seed, i, Arrays.toString(bytes)), e);
            }
        }
    }

    private byte[] hostile(Random random, int kind) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return switch (kind) {
            case 0 -> bytes;
            case 1, 2 -> concat(frame(kind), bytes);
            case 3 -> mutated(random);
            default -> concat(frame(1, 0xfe, 0xff, 0xff, 0xff, random.nextInt(16)), bytes);
        };
    }

    private byte[] mutated(Random random) {
        byte[] mutated = valid.clone();
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
        return mutated;
    }

    private void assertUndecodable(byte[] bytes, String reason) {
        assertThatThrownBy(() -> decoder.tryDecode(bytes)).isExactlyInstanceOf(UndecodableException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] frame(int id, int... body) {
        byte[] bytes = new byte[5 + body.length];
        bytes[4] = (byte) id;
        for (int i = 0; i < body.length; i++) {
            bytes[5 + i] = (byte) body[i];
        }
        return bytes;
    }

    private static byte[] concat(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }
}
