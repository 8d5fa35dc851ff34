package io.orderstream.fulfilment;

import static io.orderstream.testsupport.FulfilmentServer.Reply.of;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.orderstream.testsupport.Fulfilment;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.KeptSpans;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** What is called for an order belongs to its attempt, also if the call had to wait for those of other orders. */
@Tag("full")
@QuarkusTest
@TestProfile(FulfilmentTracingFullTest.OneConnection.class)
@WithTestResource(KafkaAndRegistry.class)
@WithTestResource(Fulfilment.class)
class FulfilmentTracingFullTest extends FulfilmentFixture {

    private static final int ORDERS = 10;

    public static class OneConnection extends PostedOrders {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            // Nobody shall call twice because the first call of all is slow.
            settings.putAll(Map.of("FULFILMENT_CONNECTIONS", "1", "FULFILMENT_TIMEOUT", "20s", "TRACING_ENABLED", "true",
                    "quarkus.otel.bsp.schedule.delay", "50ms"));
            return settings;
        }
    }

    @Inject
    KeptSpans spans;

    @Test
    void shouldPutEachCallBelowTheAttemptItWasMadeFor() {
        // Given
        endpoint.answer(call -> of(200).after(Duration.ofMillis(20)));

        // When
        List<String> orders = send(orders("traced", ORDERS));
        awaitProcessed(ORDERS);

        // Then
        assertThat(orders).allSatisfy(id -> {
            SpanData process = spans.await("process " + settings.topic(), id);
            SpanData attempt = spans.below(process).get(0);
            assertThat(spans.below(attempt)).singleElement().satisfies(call -> {
                assertThat(call.getKind()).isEqualTo(SpanKind.CLIENT);
                assertThat(endpoint.calls(id)).singleElement().satisfies(
                        taken -> assertThat(taken.traceparent()).isEqualTo(KeptSpans.traceparent(call)));
            });
        });
    }
}
