package io.orderstream.event;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.pipeline.ChannelPipeline;
import io.orderstream.pipeline.PipelineFactory;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.pipeline.Steps;
import io.orderstream.record.Delivery;
import io.orderstream.trace.Correlated;
import io.orderstream.trace.Correlation;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/**
 * Consumes the events: each is validated, goes to the {@link EventHandler} of its type, and is counted by type. Events of one
 * entity keep their order.
 */
@ApplicationScoped
public class EventProcessor implements RunningPipeline.Owner {

    /** Name of the pipeline in answers, metrics and log lines. */
    public static final String PIPELINE = "events";

    private static final String CHANNEL = "events-in";

    private final EventSettings settings;
    private final EventValidator validator;
    private final EventHandlers handlers;
    private final ChannelPipeline<Event> events;
    private final RunningPipeline consumption;

    EventProcessor(PipelineFactory factory, EventSettings settings, EventSchemas schemas, EventHandlers handlers,
            EventCalls calls) {
        this.settings = settings;
        this.validator = schemas.validator();
        this.handlers = handlers;
        OutageBreaker breaker = factory.breaker(PIPELINE, calls::ended);
        Steps<Event> steps = Steps.of(new EventDecoder(validator), this::handle, EventProcessor::label, breaker)
                .withNames(event -> List.of(EventTypes.name(event == null ? null : event.type())))
                .withIds(EventProcessor::ids)
                .withLane((key, value) -> value == null ? key : validator.lane(key, value));
        this.events = factory.channel(PIPELINE, CHANNEL, steps, factory.retriesInPlace(),
                new DeadLetterWriter(settings.groupId(), Clock.systemUTC(), this::correlate));
        this.consumption = factory.consumption(PIPELINE, steps, List.of(new Source(settings.topic(), settings.groupId())),
                List.of(events));
    }

    private Uni<Void> handle(Delivery<Event> event) {
        return Correlated.call(Correlation.of(event.headers()).orElse(event.value().ownCorrelation()),
                () -> handlers.of(event.value().type()).handle(event));
    }

    private static Map<String, String> ids(Delivery<Event> event) {
        Correlation known = Correlation.of(event.headers());
        return (event.value() == null ? known : known.orElse(event.value().ownCorrelation())).ids();
    }

    private static String label(Delivery<Event> event) {
        Event value = event.value();
        return "event=" + value.id() + " type=" + value.type();
    }

    /** A dead letter says what it belongs to even if its event did not, as far as it can be read. */
    private void correlate(KafkaRecord<byte[], byte[]> record) {
        Correlation known = Correlation.of(record.getHeaders());
        if (known.id() == null && record.getPayload() != null) {
            validator.correlationId(record.getPayload())
                    .ifPresent(id -> new Correlation(id, known.traceparent(), known.tracestate()).addTo(record.getHeaders()));
        }
    }

    /**
     * Takes the records of one poll. Each is acknowledged on its own by the pipeline.
     *
     * @return completes when the next batch may come
     */
    @Incoming(CHANNEL)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public Uni<Void> process(KafkaRecordBatch<byte[], byte[]> batch) {
        return events.process(batch);
    }

    @Override
    public RunningPipeline consumption() {
        return consumption;
    }

    @Override
    public boolean isOn() {
        return settings.enabled();
    }

    /** Before the channels close. */
    void stop(@Observes @Priority(100) ShutdownEvent event) {
        consumption.stop();
    }
}
