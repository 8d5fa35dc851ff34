package textbook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.bench.Sales;
import io.orderstream.order.Order;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.mutiny.Uni;

/** Consumes orders one by one, with retries and dead letters, as the guides of Quarkus show it. */
@ApplicationScoped
public class OrderConsumer {

    private static final int HEADER_BYTES = 5;

    private final SpecificDatumReader<Order> reader = new SpecificDatumReader<>(Order.class);
    private final Sales sales = new Sales();

    @Incoming("orders")
    @Retry(maxRetries = 3, delay = 1000, delayUnit = ChronoUnit.MILLIS)
    @ExponentialBackoff
    public Uni<Void> process(byte[] value) {
        sales.received();
        sales.processed(decode(value).getPrice());
        return Uni.createFrom().voidItem();
    }

    private Order decode(byte[] value) {
        try {
            return reader.read(null,
                    DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
