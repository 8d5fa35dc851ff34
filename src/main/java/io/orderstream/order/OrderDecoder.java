package io.orderstream.order;

import java.util.Optional;

import jakarta.inject.Singleton;

import org.apache.avro.Schema;

import io.orderstream.schema.AvroDecoder;
import io.orderstream.schema.FromNumber;
import io.orderstream.schema.Schemas;

/**
 * Decodes orders, also those of other producers: any record named {@code Order} that has the fields, in whatever namespace.
 * The order id may be called {@code order_id}, and be an int or a long, which is read as its decimal text. The price may be a
 * double or a whole number.
 */
@Singleton
public class OrderDecoder extends AvroDecoder<Order> {

    private static final String ORDER_ID = "orderId";

    OrderDecoder(Schemas schemas) {
        super(schemas, Order.class, OrderDecoder::adapt);
    }

    private static Optional<Schema> adapt(Schema.Field field, Schema written) {
        return field.name().equals(ORDER_ID) ? FromNumber.text(written) : Optional.empty();
    }
}
