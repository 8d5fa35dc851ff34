package io.orderstream.trace;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;

import io.smallrye.reactive.messaging.OutgoingInterceptor;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

/**
 * Adds the current correlation and trace context to the headers of every record sent through a channel. One bean does
 * both: SmallRye calls only the first interceptor of a channel.
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
        Optional<Correlation> correlation = Correlation.current();
        if (!isTraced && correlation.isEmpty()) {
            return message;
        }
        Headers headers = before == null ? new RecordHeaders() : new RecordHeaders(before);
        // The trace comes first: its header names the current span, that of the correlation an earlier one.
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
