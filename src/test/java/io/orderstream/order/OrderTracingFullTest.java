package io.orderstream.order;

import static io.orderstream.testsupport.KeptSpans.text;
import static io.orderstream.testsupport.KeptSpans.traceparent;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.KeptSpans;
import io.orderstream.testsupport.TopicClient;
import io.orderstream.testsupport.Traced;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Orders of the generator, followed to their end. */
@Tag("full")
@QuarkusTest
@TestProfile(Traced.class)
@WithTestResource(KafkaAndRegistry.class)
class OrderTracingFullTest extends OrderPipelineFixture {

    @Inject
    KeptSpans spans;

    @Test
    void shouldFollowAnOrderFromItsGeneratorThroughItsRetriesToItsEnd() {
        // Given
        String orderId = generated(fault -> fault.kind() == Kind.TRANSIENT && fault.failingAttempts() == 2);

        // When
        SpanData process = spans.await("process " + settings.topic(), orderId);

        // Then
        SpanData send = spans.await("send " + settings.topic(), orderId);
        assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(send.getParentSpanContext().isValid()).isFalse();
        assertThat(spans.below(send)).containsExactly(process);
        assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(text(process, "messaging.system")).isEqualTo("kafka");
        assertThat(text(process, "messaging.destination.partition.id"))
                .isEqualTo(text(send, "messaging.destination.partition.id"));
        assertThat(text(process, "orderstream.outcome")).isEqualTo("processed");
        assertThat(process.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        List<SpanData> attempts = spans.below(process);
        assertThat(attempts).extracting(SpanData::getName).containsExactly("attempt 1", "attempt 2", "attempt 3");
        assertThat(attempts).extracting(attempt -> attempt.getStatus().getStatusCode()).containsExactly(StatusCode.ERROR,
                StatusCode.ERROR, StatusCode.UNSET);
        assertThat(attempts.get(0).getStatus().getDescription()).startsWith("simulated fault: attempt 1 of 2");
        assertThat(attempts.get(2).getEndEpochNanos()).isLessThanOrEqualTo(process.getEndEpochNanos());
        assertThat(record(settings.topic(), orderId)).isEqualTo(traceparent(send));
    }

    @Test
    void shouldFollowAPoisonOrderToItsDeadLetter() {
        // Given
        String orderId = generated(fault -> fault.kind() == Kind.POISON);

        // When
        SpanData process = spans.await("process " + settings.topic(), orderId);

        // Then
        assertThat(spans.await("send " + settings.topic(), orderId).getSpanId()).isEqualTo(process.getParentSpanId());
        assertThat(spans.below(process)).extracting(SpanData::getName).containsExactly("attempt 1");
        assertThat(text(process, "orderstream.outcome")).isEqualTo("dead-lettered");
        assertThat(text(process, "error.type")).isEqualTo(PoisonOrderException.class.getName());
        assertThat(process.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(record(settings.dlqTopic(), orderId)).isEqualTo(traceparent(process));
    }

    /** The header of the record with this key, of which there must be one. */
    private String record(String topic, String key) {
        List<ConsumerRecord<byte[], byte[]>> records = topics.read(topic).stream()
                .filter(record -> new String(record.key()).equals(key)).toList();
        assertThat(records).singleElement()
                .satisfies(record -> assertThat(record.headers().headers("traceparent")).hasSize(1));
        return TopicClient.header(records.get(0), "traceparent");
    }

    /** An order of the generator with such a fault. */
    static String generated(Predicate<Fault> fault) {
        return IntStream.range(0, Traced.ORDERS).mapToObj(number -> Integer.toString(Traced.FIRST_ORDER + number))
                .filter(id -> fault.test(Traced.FAULTS.of(id))).findFirst().orElseThrow();
    }
}
