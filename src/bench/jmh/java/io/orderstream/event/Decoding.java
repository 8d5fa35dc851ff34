package io.orderstream.event;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import io.orderstream.order.Order;
import io.orderstream.order.RandomOrders;
import io.orderstream.record.Decoder;
import io.orderstream.schema.AvroDecoder;
import io.orderstream.schema.AvroEncoder;
import io.orderstream.schema.Frames;
import io.orderstream.tracker.ItemOrder;
import io.orderstream.tracker.ItemOrderFormat;

/** From the bytes of a record to its value, whose schema is known. Two are checked against a JSON schema. */
@State(Scope.Benchmark)
public class Decoding {

    private final Decoder<Order> orders = new AvroDecoder<>(Frames.loaded(Map.of(1, Order.getClassSchema())), Order.class,
            Frames.UNADAPTED);
    private final EventValidator events = new EventSchemas().validator();
    private final ItemOrderFormat itemOrders = new ItemOrderFormat();

    private final byte[] order = new AvroEncoder<>(Order.class, 1).encode(RandomOrders.next(new Random(1)));
    private final byte[] event = Events.event("user-created", "9a0f0c9e-5d1c-4f4b-8b52-0e3b6f0a2c11", "user-17").toBuffer()
            .getBytes();
    private final byte[] itemOrder = "{\"order_id\":\"9a0f0c9e-5d1c\",\"user\":\"dora\",\"item\":\"lamp\",\"quantity\":3}"
            .getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public Order orderInAvro() {
        return orders.tryDecode(order);
    }

    @Benchmark
    public Event eventInJson() {
        return events.validate(event);
    }

    @Benchmark
    public ItemOrder itemOrderInJson() {
        return itemOrders.tryDecode(itemOrder);
    }
}
