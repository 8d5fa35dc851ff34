package io.orderstream.order;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;

import io.orderstream.kafka.TopicCreator;
import io.orderstream.schema.AvroEncoder;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

/** Writes a random order at each interval, as many as set, and reports the offset at which the broker confirmed it. */
@ApplicationScoped
public class OrderGenerator {

    private static final Logger LOG = Logger.getLogger(OrderGenerator.class);

    private final OrderSettings settings;
    private final OrderFormat format;
    private final TopicCreator topics;
    private final LongFunction<String> orderIds;
    private final AtomicBoolean stopped = new AtomicBoolean();

    OrderGenerator(OrderSettings settings, OrderFormat format, TopicCreator topics) {
        this.settings = settings;
        this.format = format;
        this.topics = topics;
        OptionalLong first = settings.idStart();
        this.orderIds = first.isPresent() ? number -> Long.toString(first.getAsLong() + number)
                : number -> UUID.randomUUID().toString();
    }

    /** The orders, once topic and schema are there. */
    @Outgoing("orders-out")
    public Multi<Message<byte[]>> generate() {
        long count = settings.count().orElse(Long.MAX_VALUE);
        if (count == 0) {
            LOG.info("generator is off: ORDERS_COUNT=0");
            return Multi.createFrom().empty();
        }
        return topics.ready().chain(format::encoder)
                .onItem().transformToMulti(encoder -> numbers(count).map(number -> message(number, encoder)))
                .onCompletion().invoke(() -> {
                    if (!stopped.get()) {
                        LOG.infof("generator is done, the application keeps running: count=%d", count);
                    }
                })
                .onFailure().recoverWithCompletion();
    }

    /** Counts up at each interval. An order is due only when there is room for it: ticks in between are left out. */
    private Multi<Long> numbers(long count) {
        return Multi.createFrom().ticks().every(settings.interval()).onOverflow().drop()
                .onItem().scan(() -> -1L, (last, tick) -> last + 1).skip().first()
                .select().first(count)
                .select().first(number -> !stopped.get());
    }

    private Message<byte[]> message(long number, AvroEncoder<Order> encoder) {
        Order order = Catalogue.order(orderIds.apply(number), ThreadLocalRandom.current());
        OutgoingMessageMetadata<RecordMetadata> confirmed = new OutgoingMessageMetadata<>();
        Metadata metadata = Metadata.of(confirmed, OutgoingKafkaRecordMetadata.<byte[]> builder()
                .withKey(order.getOrderId().getBytes(StandardCharsets.UTF_8)).build());
        return Message.of(encoder.encode(order), metadata, () -> {
            RecordMetadata at = confirmed.getResult();
            LOG.debugf("produced: order=%s product=\"%s\" price=%.2f partition=%d offset=%d", order.getOrderId(),
                    order.getProduct(), order.getPrice(), at.partition(), at.offset());
            return Uni.createFrom().voidItem().subscribeAsCompletionStage();
        }, failure -> {
            LOG.errorf("order not delivered: order=%s reason=\"%s\"", order.getOrderId(), failure.getMessage());
            return Uni.createFrom().voidItem().subscribeAsCompletionStage();
        });
    }

    /** No new orders from here on; those under way are confirmed before the channel closes. */
    void stop(@Observes @Priority(50) ShutdownEvent event) {
        stopped.set(true);
    }
}
