package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.orderstream.record.Delivery;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.KeptSpans;
import io.orderstream.testsupport.Traced;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** A handler on a worker thread works for the attempt that has called it, and for no other. */
@Tag("full")
@QuarkusTest
@TestProfile(HandlerTracingFullTest.WithBlockingHandler.class)
@WithTestResource(KafkaAndRegistry.class)
class HandlerTracingFullTest extends OrderPipelineFixture {

    private static final int ORDERS = 50;

    public static class WithBlockingHandler extends Traced {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(TracedHandler.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = super.getConfigOverrides();
            settings.put("ORDERS_COUNT", "0");
            settings.put("HANDLER_THREADS", "2");
            return settings;
        }
    }

    /** Remembers in which span each order was handled. Fails at the first attempt. */
    @Alternative
    @ApplicationScoped
    public static class TracedHandler implements BlockingOrderHandler {

        private final Map<String, String> spans = new ConcurrentHashMap<>();

        @Override
        public void handleBlocking(Delivery<Order> order) {
            spans.put(order.value().getOrderId() + "#" + order.attempt(), Span.current().getSpanContext().getSpanId());
            if (order.attempt() == 1) {
                throw new IllegalStateException("not at once");
            }
        }

        String spanOf(String orderId, int attempt) {
            return spans.get(orderId + "#" + attempt);
        }
    }

    @Inject
    TracedHandler blocking;

    @Inject
    KeptSpans spans;

    @Test
    void shouldCallABlockingHandlerInTheSpanOfItsAttempt() {
        // Given
        String run = UUID.randomUUID().toString();
        List<String> orders = IntStream.range(0, ORDERS).mapToObj(number -> run + "-" + number).toList();

        // When
        topics.send(orders.stream()
                .map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id))).toList());
        await().atMost(PATIENCE).until(() -> app.finished() >= ORDERS);

        // Then
        assertThat(orders).allSatisfy(id -> {
            List<SpanData> attempts = spans.below(spans.await("process " + settings.topic(), id));
            assertThat(attempts).extracting(SpanData::getSpanId).containsExactly(blocking.spanOf(id, 1),
                    blocking.spanOf(id, 2));
        });
    }
}
