package io.orderstream.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.orderstream.trace.RecordTrace.Outcome;

/** The spans of records, and whose they are. */
class SpansTest {

    private static final byte[] KEY = { 65 };
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final MemoryTracing traces = new MemoryTracing();
    private final Tracing tracing = traces.tracing();

    @Test
    void shouldHandBackWhatHasNotEndedWhenTheChannelsAreClosed() {
        // Given
        RecordTrace first = taken(1, new RecordHeaders());
        RecordTrace second = taken(2, new RecordHeaders());
        first.ended(Outcome.PROCESSED, null);

        // When
        tracing.channelsClosed();
        second.ended(Outcome.DEAD_LETTERED, new IllegalStateException("too late"));
        tracing.channelsClosed();

        // Then
        assertThat(traces.ended()).extracting(MemoryTracing::outcome).containsExactly("processed", "handed-back");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "not a trace", "00-" + TRACE + "-0000000000000000-01", "ff-" + TRACE + "-00f067aa0ba902b7-01",
            "00-" + TRACE + "-00f067aa0ba902b7" })
    void shouldBeginATraceWhereTheHeadersNameNoValidOne(String traceparent) {
        // Given
        Headers headers = headers(traceparent, "congo=t61rcWkgMzE");

        // When
        RecordTrace record = taken(1, headers);
        record.addTo(headers);
        record.ended(Outcome.PROCESSED, null);

        // Then
        SpanData span = traces.awaitProcess(1);
        assertThat(span.getParentSpanId()).isEqualTo(SpanId.getInvalid());
        assertThat(span.getTraceId()).isNotEqualTo(TRACE);
        assertThat(text(headers, "traceparent")).isEqualTo("00-" + span.getTraceId() + "-" + span.getSpanId() + "-01");
        assertThat(headers.headers("tracestate")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "no list", "a=b=c", "UPPER=case" })
    void shouldGoOnWithATraceWhoseStateIsNotValid(String tracestate) {
        // Given
        Headers headers = headers(PARENT, tracestate);

        // When
        RecordTrace record = taken(1, headers);
        record.addTo(headers);
        record.ended(Outcome.PROCESSED, null);

        // Then
        SpanData span = traces.awaitProcess(1);
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(headers.headers("tracestate")).isEmpty();
    }

    @Test
    void shouldNameTheSpanOfAWriteInItsHeadersAndItsLogLines() {
        // Given
        Headers headers = headers(PARENT, "congo=t61rcWkgMzE");

        // When
        WriteTrace write = tracing.writing("orders", KEY, headers);
        write.confirmed(0, 17);

        // Then
        SpanData span = traces.ended().get(0);
        assertThat(write.ids()).containsEntry("traceId", TRACE).containsEntry("spanId", span.getSpanId()).hasSize(2);
        assertThat(text(headers, "traceparent")).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
        assertThat(text(headers, "tracestate")).isEqualTo("congo=t61rcWkgMzE");
    }

    private RecordTrace taken(long offset, Headers headers) {
        return tracing.taken("orders", 0, offset, KEY, headers);
    }

    private static Headers headers(String traceparent, String tracestate) {
        return new RecordHeaders().add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8)).add("tracestate",
                tracestate.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Headers headers, String name) {
        assertThat(headers.headers(name)).hasSize(1);
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
