package io.orderstream.event;

import static io.orderstream.testsupport.KeptSpans.text;
import static io.orderstream.testsupport.KeptSpans.traceparent;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.opentelemetry.sdk.trace.data.SpanData;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.KeptSpans;
import io.orderstream.testsupport.LoggedRecords;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.testsupport.Traced;
import io.orderstream.tracker.TrackerSettings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;

/** Events and item orders that come over HTTP, in the trace of whoever has sent them. */
@Tag("full")
@QuarkusTest
@TestProfile(Traced.class)
@WithTestResource(KafkaAndRegistry.class)
class EventTracingFullTest extends EventPipelineFixture {

    @Inject
    KeptSpans spans;

    @Inject
    TrackerSettings tracker;

    @Test
    void shouldFollowAnEventFromTheRequestToItsDeadLetterAndThroughARedriveInOneTrace() {
        // Given
        String trace = newTrace();
        String id = Events.idWith(Traced.FAULTS, fault -> fault.kind() == Kind.POISON);
        String key = "f-" + id;

        // When
        Answer answer = post(Events.event("file-added", id, key), "traceparent", "00-" + trace + "-00f067aa0ba902b7-01",
                "tracestate", "congo=t61rcWkgMzE");
        awaitRecord(settings.dlqTopic(), key);
        OperatorClient operator = new OperatorClient(url, Traced.CREDENTIALS);
        operator.awaitJobsRead(PATIENCE);
        assertThat(operator.redrive("{\"filter\":{\"key\":\"" + key + "\"}}").status()).isEqualTo(202);

        // Then
        assertThat(answer.status()).isEqualTo(202);
        List<SpanData> processed = spans.await("process " + settings.topic(), key, 2);
        SpanData send = spans.await("send " + settings.topic(), key);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(spans.above(send)).hasValueSatisfying(request -> {
            assertThat(request.getName()).isEqualTo("POST /api/events");
            assertThat(request.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        }));
        assertThat(processed.get(0).getParentSpanId()).isEqualTo(send.getSpanId());
        assertThat(processed.get(1).getParentSpanId()).isEqualTo(processed.get(0).getSpanId());
        assertThat(processed).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(trace);
            assertThat(text(span, "orderstream.outcome")).isEqualTo("dead-lettered");
            assertThat(span.getSpanContext().getTraceState().get("congo")).isEqualTo("t61rcWkgMzE");
        });
        await().atMost(PATIENCE).until(() -> records(settings.dlqTopic(), key).size() == 2);
        assertThat(records(settings.dlqTopic(), key)).extracting(record -> only(record, "traceparent"))
                .containsExactlyInAnyOrder(traceparent(processed.get(0)), traceparent(processed.get(1)));
        assertThat(records(settings.dlqTopic(), key)).extracting(record -> only(record, "tracestate"))
                .containsOnly("congo=t61rcWkgMzE");
    }

    @Test
    void shouldPutWhatAHandlerWritesAndLogsBelowItsAttempt() {
        // Given
        String trace = newTrace();
        String id = UUID.randomUUID().toString();
        try (LoggedRecords log = new LoggedRecords(DoorOpenedHandler.class.getName())) {
            // When
            post(Events.event("file-added", id, "any").put("eventType", "door-opened").put("payload",
                    JsonObject.of("door", "door-" + id)), "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

            // Then
            SpanData attempt = spans.below(spans.await("process " + settings.topic(), "door-" + id)).get(0);
            SpanData written = spans.await("send " + settings.topic(), "log-of-" + id);
            assertThat(written.getParentSpanId()).isEqualTo(attempt.getSpanId());
            assertThat(written.getTraceId()).isEqualTo(trace);
            assertThat(only(awaitRecord(settings.topic(), "log-of-" + id), "traceparent")).isEqualTo(traceparent(written));
            assertThat(only(awaitItemOrder("by-" + id), "traceparent")).isEqualTo(traceparent(attempt));
            assertThat(log.records()).isNotEmpty().allSatisfy(line -> {
                assertThat(line.getMdc("correlation-id")).isEqualTo(id);
                assertThat(line.getMdc("traceId")).isEqualTo(trace);
                assertThat(line.getMdc("spanId")).isEqualTo(attempt.getSpanId());
            });
        }
    }

    @Test
    void shouldNameTheTraceInTheLinesOfThePipeline() {
        // Given
        String id = Events.idWith(Traced.FAULTS, fault -> fault.kind() == Kind.POISON);
        try (LoggedRecords log = new LoggedRecords("io.orderstream.pipeline")) {
            // When
            post(Events.event("file-added", id, "f-" + id));

            // Then
            SpanData process = spans.await("process " + settings.topic(), "f-" + id);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(log.records()).anySatisfy(line -> {
                assertThat(line.getMdc("correlation-id")).isEqualTo(id);
                assertThat(line.getMdc("traceId")).isEqualTo(process.getTraceId());
                assertThat(line.getMdc("spanId")).isEqualTo(process.getSpanId());
            }));
        }
    }

    @Test
    void shouldNameWhatAnEventBelongsToInTheLineThatItIsInItsTopic() {
        // Given
        String id = UUID.randomUUID().toString();
        try (LoggedRecords log = new LoggedRecords(EventPublisher.class)) {
            // When
            post(Events.event("file-added", id, "f-" + id), "correlation-id", "c-" + id);

            // Then
            SpanData send = spans.await("send " + settings.topic(), "f-" + id);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(log.records())
                    .filteredOn(line -> ("c-" + id).equals(line.getMdc("correlation-id"))).singleElement()
                    .satisfies(line -> {
                        assertThat(line.getMdc("traceId")).isEqualTo(send.getTraceId());
                        assertThat(line.getMdc("spanId")).isEqualTo(send.getSpanId());
                    }));
            assertThat(log.messages()).anyMatch(line -> line.startsWith("produced: event=" + id + " "));
        }
    }

    @Test
    void shouldFollowAnItemOrderFromTheRequest() {
        // Given
        String trace = newTrace();
        String id = UUID.randomUUID().toString();

        // When
        api.post("/api/item-orders", "{\"order_id\":\"" + id + "\",\"user\":\"u\",\"item\":\"ramen\",\"quantity\":1}",
                "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

        // Then
        SpanData process = spans.await("process " + tracker.topic(), id);
        assertThat(process.getTraceId()).isEqualTo(trace);
        assertThat(process.getParentSpanId()).isEqualTo(spans.await("send " + tracker.topic(), id).getSpanId());
    }

    private ConsumerRecord<byte[], byte[]> awaitItemOrder(String id) {
        return await().atMost(PATIENCE).until(() -> topics.read(tracker.topic()).stream()
                .filter(record -> new String(record.value(), StandardCharsets.UTF_8).contains(id)).toList(),
                found -> !found.isEmpty()).get(0);
    }

    private static String only(ConsumerRecord<byte[], byte[]> record, String header) {
        assertThat(record.headers().headers(header)).hasSize(1);
        return TopicClient.header(record, header);
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
