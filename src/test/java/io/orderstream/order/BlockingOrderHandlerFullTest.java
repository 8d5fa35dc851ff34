package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.record.Delivery;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** A handler that blocks is called on worker threads, many at a time, while the event loop goes on. */
@Tag("full")
@QuarkusTest
@TestProfile(BlockingOrderHandlerFullTest.WithBlockingHandler.class)
@WithTestResource(KafkaAndRegistry.class)
class BlockingOrderHandlerFullTest extends OrderPipelineFixture {

    private static final int TOGETHER = 20;

    public static class WithBlockingHandler extends HalfFailing {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(MeetingHandler.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("HANDLER_THREADS", Integer.toString(TOGETHER));
            return settings;
        }
    }

    /** Orders named meet... wait for each other; those named fail... throw. */
    @Alternative
    @ApplicationScoped
    public static class MeetingHandler implements BlockingOrderHandler {

        private final CountDownLatch everyone = new CountDownLatch(TOGETHER);
        private final Set<String> threads = ConcurrentHashMap.newKeySet();

        @Override
        public void handleBlocking(Delivery<Order> order) throws Exception {
            threads.add(Thread.currentThread().getName());
            if (order.value().getOrderId().startsWith("poison")) {
                throw new PoisonOrderException("never");
            }
            if (order.value().getOrderId().startsWith("fail") && order.attempt() == 1) {
                throw new IOException("checked, and only once");
            }
            everyone.countDown();
            if (!everyone.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("alone with " + everyone.getCount() + " missing");
            }
        }

        Set<String> threads() {
            return threads;
        }
    }

    @Inject
    MeetingHandler meeting;

    @Test
    void shouldCallItOnWorkerThreadsAsManyAtATimeAsSet() {
        // Given
        List<String> ids = IntStream.range(0, TOGETHER + 1)
                .mapToObj(number -> number == 0 ? "poison" : number == 1 ? "fail" : "meet" + number).toList();

        // When
        topics.send(ids.stream().map(id -> new ProducerRecord<>(settings.topic(), OrderTraffic.key(id), traffic.encode(id)))
                .toList());

        // Then
        await().atMost(PATIENCE).until(() -> app.finished() == ids.size());
        assertThat(app.stats().get("processed").asLong()).isEqualTo(TOGETHER);
        assertThat(app.stats().get("deadLettered").asLong()).isOne();
        assertThat(app.stats().get("retries").asLong()).isOne();
        assertThat(meeting.threads()).hasSize(TOGETHER).allMatch(name -> name.matches("handler-\\d+"));
    }
}
