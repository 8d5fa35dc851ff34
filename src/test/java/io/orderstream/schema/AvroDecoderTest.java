package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

import io.orderstream.order.Order;
import io.orderstream.record.UndecodableException;
import io.smallrye.mutiny.Uni;

class AvroDecoderTest {

    private static final Schema FLOAT = Schema.create(Schema.Type.FLOAT);
    private static final Schema DOUBLE = Schema.create(Schema.Type.DOUBLE);
    private static final Map<String, Object> VALUES = Map.of("orderId", "o-1", "product", "Tee \u2615", "price", 12.5f);
    private static final Order ORDER = new Order("o-1", "Tee \u2615", 12.5f);

    @Test
    void shouldReadWhatAvroItselfWrote() {
        assertThat(decode(Order.getClassSchema(), VALUES)).isEqualTo(ORDER);
    }

    @Test
    void shouldWriteWhatAvroItselfReads() throws IOException {
        // Given
        AvroEncoder<Order> encoder = new AvroEncoder<>(Order.class, 513);

        // When
        byte[] bytes = encoder.encode(ORDER);

        // Then
        assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 0, 0, 2, 1);
        GenericRecord read = new GenericDatumReader<GenericRecord>(Order.getClassSchema())
                .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
        assertThat(read).hasToString(ORDER.toString());
    }

    @Test
    void shouldNarrowADoublePrice() {
        // Given
        Schema writer = Frames.order("io.orderstream.order", DOUBLE);

        // When
        Order order = decode(writer, Map.of("orderId", "o-1", "product", "p", "price", 19.99));

        // Then
        assertThat(order.getPrice()).isEqualTo(19.99f);
    }

    @Test
    void shouldNarrowADoublePriceThatMayBeNull() {
        // Given
        Schema writer = Frames.order("io.orderstream.order", Schema.createUnion(Schema.create(Schema.Type.NULL), DOUBLE));

        // When
        Order order = decode(writer, Map.of("orderId", "o-1", "product", "p", "price", 19.99));

        // Then
        assertThat(order.getPrice()).isEqualTo(19.99f);
        assertThatThrownBy(() -> decode(writer, Map.of("orderId", "o-1", "product", "p")))
                .isExactlyInstanceOf(UndecodableException.class);
    }

    @Test
    void shouldPromoteAnIntegerPrice() {
        // Given
        Schema writer = Frames.order("io.orderstream.order", Schema.create(Schema.Type.INT));

        // When
        Order order = decode(writer, Map.of("orderId", "o-1", "product", "p", "price", 7));

        // Then
        assertThat(order.getPrice()).isEqualTo(7f);
    }

    @Test
    void shouldSkipFieldsItDoesNotKnow() {
        // Given
        Schema writer = SchemaBuilder.record("Order").namespace("io.orderstream.order").fields()
                .name("tags").type().array().items().stringType().noDefault()
                .requiredString("orderId").requiredString("product").requiredFloat("price")
                .name("notes").type().map().values().longType().noDefault().endRecord();

        // When
        Order order = decode(writer, Map.of("tags", List.of("a", "b"), "orderId", "o-1", "product", "Tee \u2615",
                "price", 12.5f, "notes", Map.of("x", 1L)));

        // Then
        assertThat(order).isEqualTo(ORDER);
    }

    @Test
    void shouldReadAnOrderOfAnotherNamespace() {
        assertThat(decode(Frames.order("org.elsewhere", FLOAT), VALUES)).isEqualTo(ORDER);
        assertThat(decode(Frames.order("com.bigdata.orders", FLOAT), VALUES)).isEqualTo(ORDER);
        assertThat(decode(Frames.order(null, FLOAT), VALUES)).isEqualTo(ORDER);
    }

    @Test
    void shouldReadTheOrderIdByItsAliasAlsoInAnotherNamespace() {
        // Given
        Schema writer = SchemaBuilder.record("Order").namespace("org.elsewhere").fields()
                .requiredDouble("price").requiredString("order_id").requiredString("product").endRecord();

        // When
        Order order = decode(writer, Map.of("order_id", "o-1", "product", "Tee \u2615", "price", 12.5));

        // Then
        assertThat(order).isEqualTo(ORDER);
    }

    @Test
    void shouldPreferTheNameOfAFieldToItsAlias() {
        // Given
        Schema writer = SchemaBuilder.record("Order").namespace("io.orderstream.order").fields().requiredString("order_id")
                .requiredString("orderId").requiredString("product").requiredFloat("price").endRecord();

        // When
        Order order = decode(writer, Map.of("order_id", "other", "orderId", "o-1", "product", "Tee \u2615", "price", 12.5f));

        // Then
        assertThat(order).isEqualTo(ORDER);
    }

    @Test
    void shouldRefuseASchemaThatCannotBeAnOrder() {
        // Given
        Schema noPrice = SchemaBuilder.record("Order").namespace("io.orderstream.order").fields()
                .requiredString("orderId").requiredString("product").endRecord();
        Schema textPrice = Frames.order("io.orderstream.order", Schema.create(Schema.Type.STRING));
        Schema otherName = SchemaBuilder.record("Invoice").namespace("io.orderstream.order").fields()
                .requiredString("orderId").requiredString("product").requiredFloat("price").endRecord();
        Schema text = Schema.create(Schema.Type.STRING);

        // Then
        assertUnresolvable(noPrice, "price", Map.of("orderId", "o-1", "product", "p"));
        assertUnresolvable(textPrice, "expecting float", Map.of("orderId", "o-1", "product", "p", "price", "12"));
        assertUnresolvable(otherName, "it is no io.orderstream.order.Order", VALUES);
        assertThatThrownBy(() -> decoder(text).tryDecode(Frames.frame(1, text, "an order")))
                .isExactlyInstanceOf(UndecodableException.class).hasMessageContaining("unresolvable schema");
    }

    @Test
    void shouldAskForALoadAndThenDecode() {
        // Given
        Schemas schemas = Frames.cache(id -> Uni.createFrom().item(Order.getClassSchema()));
        AvroDecoder<Order> decoder = new AvroDecoder<>(schemas, Order.class, Frames.UNADAPTED);
        byte[] bytes = Frames.frame(9, Order.getClassSchema(), VALUES);

        // When
        Order before = decoder.tryDecode(bytes);
        decoder.load(bytes).await().indefinitely();
        Order after = decoder.tryDecode(bytes);

        // Then
        assertThat(before).isNull();
        assertThat(after).isEqualTo(ORDER);
    }

    @Test
    void shouldTellAnUnknownIdFromAnOutage() {
        // Given
        byte[] bytes = Frames.frame(9, Order.getClassSchema(), VALUES);
        AvroDecoder<Order> unknown = new AvroDecoder<>(Frames.loaded(Map.of()), Order.class, Frames.UNADAPTED);
        AvroDecoder<Order> outage = new AvroDecoder<>(
                Frames.cache(id -> Uni.createFrom().failure(new RegistryUnavailableException("down"))), Order.class,
                Frames.UNADAPTED);

        // Then
        assertThatThrownBy(() -> unknown.load(bytes).await().indefinitely()).isExactlyInstanceOf(UndecodableException.class)
                .hasMessage("no schema with id 9: Schema not found");
        assertThatThrownBy(() -> outage.load(bytes).await().indefinitely())
                .isExactlyInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void shouldAskAnAdapterOncePerWriterSchemaAndField() {
        // Given
        Schema writer = Frames.order("org.elsewhere", DOUBLE);
        List<String> asked = new ArrayList<>();
        AvroDecoder<Order> decoder = new AvroDecoder<>(Frames.loaded(Map.of(1, writer, 2, Order.getClassSchema())),
                Order.class, (field, written) -> {
                    asked.add(field.name() + " from " + written.getType());
                    return Optional.empty();
                });
        byte[] first = Frames.frame(1, writer, Map.of("orderId", "o-1", "product", "Tee \u2615", "price", 12.5));
        byte[] second = Frames.frame(2, Order.getClassSchema(), VALUES);

        // When
        List<Order> orders = Stream.of(first, second, first, second, first).map(decoder::tryDecode).toList();

        // Then
        assertThat(orders).containsOnly(ORDER).hasSize(5);
        assertThat(asked).containsExactly("orderId from STRING", "product from STRING", "price from DOUBLE",
                "orderId from STRING", "product from STRING", "price from FLOAT");
    }

    /** A large schema takes its time, and the event loop has none. */
    @Test
    void shouldResolveASchemaWhereItIsLoaded() throws InterruptedException {
        // Given
        Schema writer = Frames.order("org.elsewhere", DOUBLE);
        List<String> resolved = new ArrayList<>();
        AvroDecoder<Order> decoder = new AvroDecoder<>(Frames.cache(id -> Uni.createFrom().item(writer)), Order.class,
                (field, written) -> {
                    resolved.add(Thread.currentThread().getName());
                    return Optional.empty();
                });
        byte[] bytes = Frames.frame(1, writer, Map.of("orderId", "o-1", "product", "Tee \u2615", "price", 12.5));

        // When
        Thread loading = new Thread(() -> decoder.load(bytes).await().indefinitely(), "loading");
        loading.start();
        loading.join();

        // Then
        assertThat(decoder.tryDecode(bytes)).isEqualTo(ORDER);
        assertThat(resolved).hasSize(3).containsOnly("loading");
    }

    @Test
    void shouldLeaveANumberForATextToAnAdapter() {
        // Given
        Schema writer = SchemaBuilder.record("Order").namespace("io.orderstream.order").fields()
                .requiredInt("orderId").requiredString("product").requiredFloat("price").endRecord();

        // Then
        assertUnresolvable(writer, "expecting string", Map.of("orderId", 7, "product", "p", "price", 1f));
    }

    @Test
    void shouldDecodeRecordsOfSeveralSchemasInTurn() {
        // Given
        Schema other = Frames.order("org.elsewhere", DOUBLE);
        AvroDecoder<Order> decoder = new AvroDecoder<>(
                Frames.loaded(Map.of(1, Order.getClassSchema(), 2, other)), Order.class, Frames.UNADAPTED);
        byte[] first = Frames.frame(1, Order.getClassSchema(), VALUES);
        byte[] second = Frames.frame(2, other, Map.of("orderId", "o-2", "product", "p", "price", 1.0));

        // When
        List<Order> orders = List.of(decoder.tryDecode(first), decoder.tryDecode(second), decoder.tryDecode(first));

        // Then
        assertThat(orders).containsExactly(ORDER, new Order("o-2", "p", 1f), ORDER);
    }

    private static Order decode(Schema writer, Map<String, Object> values) {
        return decoder(writer).tryDecode(Frames.frame(1, writer, values));
    }

    private static AvroDecoder<Order> decoder(Schema writer) {
        return new AvroDecoder<>(Frames.loaded(Map.of(1, writer)), Order.class, Frames.UNADAPTED);
    }

    private static void assertUnresolvable(Schema writer, String reason, Map<String, Object> values) {
        assertThatThrownBy(() -> decode(writer, values)).isExactlyInstanceOf(UndecodableException.class)
                .hasMessageContaining("unresolvable schema: id 1").hasMessageContaining(reason);
    }
}
