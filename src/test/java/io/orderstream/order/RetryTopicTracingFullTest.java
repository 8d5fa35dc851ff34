package io.orderstream.order;

import static io.orderstream.testsupport.KeptSpans.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.opentelemetry.sdk.trace.data.SpanData;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.KeptSpans;
import io.orderstream.testsupport.Traced;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** An order that is retried by topic stays in one trace. */
@Tag("full")
@QuarkusTest
@TestProfile(RetryTopicTracingFullTest.ByTopic.class)
@WithTestResource(KafkaAndRegistry.class)
class RetryTopicTracingFullTest extends OrderPipelineFixture {

    public static class ByTopic extends Traced {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = super.getConfigOverrides();
            settings.put("RETRY_MODE", "topic");
            return settings;
        }
    }

    @Inject
    KeptSpans spans;

    @Test
    void shouldFollowAnOrderThroughTheRetryTopic() {
        // Given
        String orderId = OrderTracingFullTest.generated(
                fault -> fault.kind() == Kind.TRANSIENT && fault.failingAttempts() == 2);

        // When
        List<SpanData> retries = spans.await("process " + settings.retryTopic(), orderId, 2);

        // Then
        SpanData first = spans.await("process " + settings.topic(), orderId);
        assertThat(text(first, "orderstream.outcome")).isEqualTo("moved");
        assertThat(retries).extracting(span -> text(span, "orderstream.outcome")).containsExactly("moved", "processed");
        assertThat(spans.below(first)).extracting(SpanData::getName).containsExactly("attempt 1",
                "process " + settings.retryTopic());
        assertThat(spans.below(retries.get(0))).extracting(SpanData::getName).containsExactly("attempt 2",
                "process " + settings.retryTopic());
        assertThat(spans.below(retries.get(1))).extracting(SpanData::getName).containsExactly("attempt 3");
    }
}
