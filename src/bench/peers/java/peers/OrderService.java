package peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

import io.orderstream.bench.Latencies;
import io.orderstream.bench.Sales;
import io.orderstream.order.Order;

/** What both consumers do with an order: decode it, post it to the endpoint if there is one, and add it up. Thread safe. */
final class OrderService {

    private static final int HEADER_BYTES = 5;
    private static final int UNPROCESSABLE = 422;

    private final SpecificDatumReader<Order> reader = new SpecificDatumReader<>(Order.class);
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url = System.getenv("FULFILMENT_URL");
    private final Latencies latencies = Latencies.ifAsked();
    private final Sales sales = new Sales();

    void process(byte[] value) {
        sales.received();
        Order order = decode(value);
        if (url != null) {
            post(order);
        }
        if (latencies != null) {
            latencies.add(order.getOrderId());
        }
        sales.processed(order.getPrice());
    }

    void deadLettered() {
        sales.deadLettered();
    }

    private Order decode(byte[] value) {
        try {
            return reader.read(null,
                    DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void post(Order order) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json")
                .POST(BodyPublishers
                        .ofString("{\"orderId\":\"" + order.getOrderId() + "\",\"price\":" + order.getPrice() + "}"))
                .build();
        int status;
        try {
            status = http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (status == UNPROCESSABLE) {
            throw new PoisonException("HTTP " + status);
        }
        if (status / 100 != 2) {
            throw new IllegalStateException("HTTP " + status);
        }
    }
}
