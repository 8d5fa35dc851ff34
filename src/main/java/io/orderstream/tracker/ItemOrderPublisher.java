package io.orderstream.tracker;

import java.nio.charset.StandardCharsets;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

import io.orderstream.json.StrictJson;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.kafka.ConfirmedChannel;
import io.orderstream.kafka.ConfirmedChannel.Confirmed;
import io.orderstream.support.LogText;
import io.orderstream.trace.LogIds;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;

/** Writes item orders to their topic, none that is not valid. Thread safe. */
@ApplicationScoped
public class ItemOrderPublisher {

    private static final Logger LOG = Logger.getLogger("io.orderstream.tracker");
    private static final int MOST_UNDER_WAY = 1024;

    private final ItemOrderFormat format;
    private final ConfirmedChannel channel;

    ItemOrderPublisher(ItemOrderFormat format, TrackerSettings settings, BrokerWatch broker, Tracing tracing,
            @Channel("item-orders-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_UNDER_WAY) MutinyEmitter<byte[]> channel) {
        this.format = format;
        this.channel = new ConfirmedChannel(channel, settings.topic(), broker, tracing);
    }

    /**
     * Writes an order.
     *
     * @param bytes the order as it is to be in the topic, where it has no byte order mark
     * @return where the broker has confirmed it; fails with {@link InvalidItemOrderException}, of which nothing was
     *         written, and as {@link ConfirmedChannel#write}
     */
    public Uni<RecordMetadata> publish(byte[] bytes) {
        return Uni.createFrom().deferred(() -> {
            ItemOrder order = format.tryDecode(bytes);
            return channel
                    .write(order.id().getBytes(StandardCharsets.UTF_8), StrictJson.withoutMark(bytes), new RecordHeaders())
                    .invoke(confirmed -> log(bytes, confirmed)).map(Confirmed::at);
        });
    }

    private static void log(byte[] bytes, Confirmed confirmed) {
        if (LOG.isDebugEnabled()) {
            RecordMetadata at = confirmed.at();
            LogIds.about(confirmed.trace().ids(), () -> LOG.debugf("delivered to %s : partition %d : offset %d %s", at.topic(),
                    at.partition(), at.offset(), LogText.line(new String(bytes, StandardCharsets.UTF_8))));
        }
    }
}
