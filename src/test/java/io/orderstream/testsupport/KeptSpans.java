package io.orderstream.testsupport;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.awaitility.Awaitility;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;

/** Keeps in memory the spans of the application under test that have ended. */
@ApplicationScoped
public class KeptSpans {

    private static final AttributeKey<String> KEY = AttributeKey.stringKey("messaging.kafka.message.key");

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    @Produces
    @Singleton
    InMemorySpanExporter exporter() {
        return exporter;
    }

    /** All of them. */
    public List<SpanData> all() {
        return exporter.getFinishedSpanItems();
    }

    /** The only one of this name about the record with this key, once it has ended. */
    public SpanData await(String name, String key) {
        return await(name, key, 1).get(0);
    }

    /** As many as there have to be, the earliest first. */
    public List<SpanData> await(String name, String key, int count) {
        Awaitility.await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(find(name, key)).as(name + " of " + key).hasSize(count));
        return find(name, key);
    }

    private List<SpanData> find(String name, String key) {
        return in(span -> span.getName().equals(name) && key.equals(span.getAttributes().get(KEY)));
    }

    /** Those directly below another, the earliest first. */
    public List<SpanData> below(SpanData parent) {
        return in(span -> span.getParentSpanId().equals(parent.getSpanId()) && span.getTraceId().equals(parent.getTraceId()));
    }

    /** The one right above another, if it was made here. */
    public Optional<SpanData> above(SpanData child) {
        return all().stream().filter(span -> span.getSpanId().equals(child.getParentSpanId())).findFirst();
    }

    private List<SpanData> in(Predicate<SpanData> which) {
        return all().stream().filter(which).sorted(Comparator.comparing(SpanData::getStartEpochNanos)).toList();
    }

    /** An attribute of a span that is a text. */
    public static String text(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    /** What the header {@code traceparent} has to say for whatever belongs to this span. */
    public static String traceparent(SpanData span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-01";
    }
}
