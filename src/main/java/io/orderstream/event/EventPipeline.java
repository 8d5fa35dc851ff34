package io.orderstream.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.pipeline.PipelineDefinition;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.support.LogText;
import io.orderstream.totals.CountKey;
import io.orderstream.trace.Correlation;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/**
 * The pipeline of events: each is validated, goes to the {@link EventHandler} of its type, and is counted by type. Events
 * of one entity keep their order.
 */
@ApplicationScoped
public class EventPipeline implements PipelineDefinition<Event> {

    /** Name of the pipeline in answers, metrics and log lines. */
    public static final String NAME = "events";

    private final Pipelines pipelines;
    private final EventValidator validator;
    private final EventHandlers handlers;

    EventPipeline(Pipelines pipelines, EventSchemas schemas, EventHandlers handlers) {
        this.pipelines = pipelines;
        this.validator = schemas.validator();
        this.handlers = handlers;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Decoder<Event> decoder() {
        return validator::validate;
    }

    @Override
    public Uni<Void> handle(Delivery<Event> event) {
        return correlation(event).call(() -> handlers.of(event.value().type()).handle(event));
    }

    @Override
    public Object lane(Event event) {
        return event.entity();
    }

    @Override
    public Optional<Function<Event, List<CountKey>>> countKeys() {
        return Optional.of(event -> List.of(EventTypes.name(event == null ? null : event.type())));
    }

    @Override
    public String label(Event event) {
        return "event=" + LogText.value(event.id()) + " type=" + LogText.value(event.type());
    }

    @Override
    public Map<String, String> ids(Delivery<Event> event) {
        return correlation(event).ids();
    }

    private static Correlation correlation(Delivery<Event> event) {
        Correlation known = Correlation.of(event.headers());
        return event.value() == null ? known : known.orElse(event.value().ownCorrelation());
    }

    /** A dead letter says what it belongs to even if its event did not, as far as it can be read. */
    @Override
    public void completeDeadLetter(Headers headers, byte[] value) {
        Correlation known = Correlation.of(headers);
        if (known.id() == null && value != null) {
            validator.correlationId(value)
                    .ifPresent(id -> new Correlation(id, known.traceparent(), known.tracestate()).addTo(headers));
        }
    }

    @Incoming("events-in")
    Uni<Void> process(KafkaRecordBatch<byte[], byte[]> batch) {
        return pipelines.process(batch);
    }
}
