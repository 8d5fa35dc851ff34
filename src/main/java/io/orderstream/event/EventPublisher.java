package io.orderstream.event;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

import io.orderstream.json.StrictJson;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.kafka.ConfirmedChannel;
import io.orderstream.kafka.ConfirmedChannel.Confirmed;
import io.orderstream.support.LogText;
import io.orderstream.trace.Correlation;
import io.orderstream.trace.LogIds;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;

/**
 * Writes events to their topic, none that is not valid. What is written while another event is handled belongs to that one's
 * correlation. Thread safe.
 */
@ApplicationScoped
public class EventPublisher {

    /**
     * An event that is in its topic.
     *
     * @param at where the broker has confirmed it
     * @param correlation what it belongs to
     */
    public record Written(RecordMetadata at, Correlation correlation) {
    }

    private static final Logger LOG = Logger.getLogger(EventPublisher.class);
    private static final int MOST_UNDER_WAY = 1024;

    private final EventValidator validator;
    private final ConfirmedChannel channel;

    EventPublisher(EventSchemas schemas, EventSettings settings, BrokerWatch broker, Tracing tracing,
            @Channel("events-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_UNDER_WAY) MutinyEmitter<byte[]> channel) {
        this.validator = schemas.validator();
        this.channel = new ConfirmedChannel(channel, settings.topic(), broker, tracing);
    }

    /**
     * Writes an event.
     *
     * @param bytes the event as it is to be in the topic, where it has no byte order mark
     * @param asked what it belongs to; without an id it gets that of its event
     * @return fails with {@link InvalidEventException}, of which nothing was written, and as
     *         {@link ConfirmedChannel#write}
     */
    public Uni<Written> publish(byte[] bytes, Correlation asked) {
        return Uni.createFrom().deferred(() -> {
            Event event = validator.validate(bytes);
            Correlation correlation = asked.orElse(event.ownCorrelation());
            Headers headers = new RecordHeaders();
            correlation.addTo(headers);
            return channel
                    .write(event.entity().getBytes(StandardCharsets.UTF_8), StrictJson.withoutMark(bytes), headers)
                    .invoke(confirmed -> log(event, correlation, confirmed))
                    .map(confirmed -> new Written(confirmed.at(), correlation));
        });
    }

    private static void log(Event event, Correlation correlation, Confirmed confirmed) {
        if (LOG.isDebugEnabled()) {
            Map<String, String> ids = correlation.ids();
            ids.putAll(confirmed.trace().ids());
            LogIds.about(ids, () -> LOG.debugf("produced: event=%s type=%s partition=%d offset=%d", LogText.value(event.id()),
                    LogText.value(event.type()),
                    confirmed.at().partition(), confirmed.at().offset()));
        }
    }

    /** Writes an event that belongs to the one that is being handled, if there is one. */
    public Uni<Written> publish(byte[] bytes) {
        return Uni.createFrom().deferred(() -> publish(bytes, Correlation.current().orElse(Correlation.NONE)));
    }
}
