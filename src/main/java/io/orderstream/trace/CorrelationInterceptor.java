package io.orderstream.trace;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;

import io.smallrye.reactive.messaging.OutgoingInterceptor;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

/**
 * Gives what is produced while an event is handled that event's correlation, and what is produced by whoever is followed its
 * trace, whichever channel it is produced to. One bean for both: SmallRye asks only the first interceptor of a channel.
 */
@ApplicationScoped
public class CorrelationInterceptor implements OutgoingInterceptor {

    private final Tracing tracing;

    CorrelationInterceptor(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    @SuppressWarnings({ "rawtypes", "unchecked" })
    public Message<?> beforeMessageSend(Message<?> message) {
        OutgoingKafkaRecordMetadata known = message.getMetadata(OutgoingKafkaRecordMetadata.class).orElse(null);
        Headers before = known == null ? null : known.getHeaders();
        boolean isTraced = tracing.isNewsTo(before);
        Optional<Correlation> correlation = Correlated.current();
        if (!isTraced && correlation.isEmpty()) {
            return message;
        }
        Headers headers = before == null ? new RecordHeaders() : new RecordHeaders(before);
        // The trace comes first: its header names what goes on here, the correlation's what that was begun by.
        if (isTraced) {
            tracing.addCurrentTo(headers);
        }
        correlation.ifPresent(current -> current.addTo(headers));
        OutgoingKafkaRecordMetadata.OutgoingKafkaRecordMetadataBuilder<?> metadata = known == null
                ? OutgoingKafkaRecordMetadata.builder()
                : OutgoingKafkaRecordMetadata.from(known);
        return message.addMetadata(metadata.withHeaders(headers).build());
    }

    @Override
    public void onMessageAck(Message<?> message) {
        // nothing to do
    }

    @Override
    public void onMessageNack(Message<?> message, Throwable failure) {
        // nothing to do
    }
}
