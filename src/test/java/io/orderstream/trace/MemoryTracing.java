package io.orderstream.trace;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.util.List;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

/** Tracing that is on, for tests without an application. Keeps what has ended. */
public final class MemoryTracing {

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("orderstream.outcome");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final Tracing tracing = new OpenTelemetryTracing(OpenTelemetrySdk.builder().setTracerProvider(
            SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build()).build());

    public Tracing tracing() {
        return tracing;
    }

    /** The spans that have ended, in that order. */
    public List<SpanData> ended() {
        return exporter.getFinishedSpanItems();
    }

    /** The span of the record with this offset, once it has ended. */
    public SpanData awaitProcess(long offset) {
        return await().atMost(PATIENCE).until(() -> ended().stream()
                .filter(span -> span.getAttributes().get(OUTCOME) != null
                        && span.getAttributes().get(OpenTelemetryTracing.OFFSET) == offset)
                .toList(), spans -> !spans.isEmpty()).get(0);
    }

    /** How the record of such a span has left the pipeline. */
    public static String outcome(SpanData process) {
        return process.getAttributes().get(OUTCOME);
    }
}
