package io.orderstream.trace;

import java.util.Map;

import io.opentelemetry.api.trace.Span;

/** The span of a write. Failed attempts are events of it, not child spans: the time between them is only waiting. */
final class WriteSpan implements WriteTrace {

    private final Span span;

    WriteSpan(Span span) {
        this.span = span;
    }

    @Override
    public Map<String, String> ids() {
        return LogIds.of(span);
    }

    @Override
    public void failed(Throwable failure) {
        span.recordException(failure);
    }

    @Override
    public void confirmed(int partition, long offset) {
        span.setAttribute(OpenTelemetryTracing.PARTITION, Integer.toString(partition));
        span.setAttribute(OpenTelemetryTracing.OFFSET, offset);
        span.end();
    }

    @Override
    public void givenUp(Throwable failure) {
        OpenTelemetryTracing.error(span, failure);
        span.recordException(failure);
        span.end();
    }
}
