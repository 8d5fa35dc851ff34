package io.orderstream.event;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import org.apache.kafka.common.header.Header;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import com.sun.management.ThreadMXBean;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.KeptSpans;
import io.orderstream.trace.Tracing;
import io.orderstream.tracker.TrackerSettings;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.quarkus.arc.ClientProxy;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;

/** As long as nobody switches it on, nothing is traced: no span, no header, and what clients have sent is left alone. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class TracingSwitchedOffTest extends EventPipelineFixture {

    private static final int CALLBACKS = 10_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Inject
    KeptSpans spans;

    @Inject
    Tracing tracing;

    @Inject
    OpenTelemetry openTelemetry;

    @Inject
    Instance<Optional<ExemplarSampler>> exemplars;

    @Inject
    TrackerSettings tracker;

    @Inject
    Vertx vertx;

    @Test
    void shouldTraceNothing() {
        // Given
        String order = UUID.randomUUID().toString();
        String event = UUID.randomUUID().toString();

        // When
        api.post("/api/item-orders", "{\"order_id\":\"" + order + "\",\"user\":\"u\",\"item\":\"ramen\",\"quantity\":1}");
        post(Events.event("user-deleted", event, "u-" + event));

        // Then
        assertThat(awaitRecord(tracker.topic(), order).headers().toArray()).isEmpty();
        assertThat(awaitRecord(settings.topic(), "u-" + event).headers().toArray()).extracting(Header::key)
                .containsExactly("correlation-id");
        await().atMost(PATIENCE).until(() -> api.get("/api/tracker/stats").body().toString().contains("\"ramen\""));
        // Spans are kept in batches, some seconds apart.
        ((OpenTelemetrySdk) ClientProxy.unwrap(openTelemetry)).getSdkTracerProvider().forceFlush().join(10, TimeUnit.SECONDS);
        assertThat(spans.all()).isEmpty();
        assertThat(tracing).isSameAs(Tracing.OFF);
        assertThat(exemplars.get()).as("where each measurement looks for a span").isEmpty();
    }

    @Test
    void shouldNotLookForATraceAtEachCallback() {
        // Given: what is called on the event loop of a channel, which is no context of a single record
        Context channel = ((VertxInternal) vertx).createEventLoopContext();
        CompletableFuture<Long> allocated = new CompletableFuture<>();

        // When
        channel.runOnContext(now -> {
            callbacks();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            callbacks();
            allocated.complete((THREADS.getCurrentThreadAllocatedBytes() - before) / CALLBACKS);
        });

        // Then: Mutiny's own objects take 570 bytes, a search for OpenTelemetry's context 1,200 more
        assertThat(allocated).succeedsWithin(PATIENCE).asInstanceOf(InstanceOfAssertFactories.LONG).isBetween(100L, 1_000L);
    }

    private static void callbacks() {
        for (int i = 0; i < CALLBACKS; i++) {
            Uni.createFrom().<Void> emitter(emitter -> emitter.complete(null)).subscribe().with(item -> {
            }, failure -> {
            });
        }
    }
}
