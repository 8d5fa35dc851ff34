package io.orderstream.order;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;

import io.orderstream.kafka.TopicCreator;
import io.orderstream.schema.AvroEncoder;
import io.orderstream.spool.Spool;
import io.orderstream.support.Lifecycle;
import io.orderstream.trace.Tracing;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;

/**
 * Writes a random order at each interval, as many as set, and reports the offset at which the broker confirmed it.
 * <p>
 * What cannot be written is tried three times and then spooled; once the broker answers it becomes a dead letter of kind
 * {@code undeliverable}. After a delivery time-out nobody knows whether the broker has the order: such a letter may be in the
 * topic as well, and whoever redrives it decides. No orders are made while the spool is full. An application that ends
 * spools what it could not write by then; only a kill loses the orders that are in memory,
 * {@value OrderWriter#MOST_UNDER_WAY} at the most.
 */
@ApplicationScoped
public class OrderGenerator {

    private static final Logger LOG = Logger.getLogger(OrderGenerator.class);
    private static final String CHANNEL = "orders-out";
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final OrderSettings settings;
    private final OrderFormat format;
    private final TopicCreator topics;
    private final LongFunction<String> orderIds;
    private final Spool spool;
    private final KafkaClientService clients;
    private final OrderWriter outbox;
    private final OrderPace pace;
    private final AtomicLong made = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();

    OrderGenerator(OrderSettings settings, OrderFormat format, TopicCreator topics, Spool spool,
            KafkaClientService clients, Tracing tracing) {
        this.settings = settings;
        this.format = format;
        this.topics = topics;
        this.spool = spool;
        this.clients = clients;
        this.outbox = new OrderWriter(settings.topic(), settings.dlqTopic(), BACKOFF, spool::append, tracing);
        long count = settings.count().orElse(Long.MAX_VALUE);
        this.pace = new OrderPace(settings.interval(), count, System::nanoTime,
                () -> LOG.infof("generator is done, the application keeps running: count=%d", count));
        OptionalLong first = settings.idStart();
        this.orderIds = first.isPresent() ? number -> Long.toString(first.getAsLong() + number)
                : number -> UUID.randomUUID().toString();
    }

    /** Called before the channels start: a spool that cannot be used stops the start. */
    void start(@Observes @Priority(Lifecycle.Start.GENERATOR_SPOOL) StartupEvent event) {
        if (!isOff()) {
            spool.open();
        }
    }

    /** Whether it makes no orders, whatever it is asked for. */
    public boolean isOff() {
        return settings.count().orElse(Long.MAX_VALUE) == 0;
    }

    /** Orders a second that are made at intervals; 0 if it is off or done. May be called on any thread. */
    public double perSecond() {
        return pace.perSecond();
    }

    /** From now on so many orders a second are made, until the application ends. May be called on any thread. */
    public void perSecond(double orders) {
        pace.perSecond(orders);
    }

    /**
     * Asks for orders beside those at intervals. They take the same way, as soon as there is room for them; one that is not
     * made yet when the application ends is never made. May be called on any thread.
     *
     * @param idPrefix what their ids begin with
     * @return false if {@value OrderPace#MOST_ASKED} would have to wait: then none is made
     */
    public boolean ask(int orders, String idPrefix) {
        return pace.ask(orders, idPrefix);
    }

    /** The orders, once topic and schema are there. */
    @Outgoing(CHANNEL)
    public Multi<Message<byte[]>> generate() {
        if (isOff()) {
            LOG.info("generator is off: ORDERS_COUNT=0");
            return Multi.createFrom().empty();
        }
        // What is tried again goes on when there are no new orders any more.
        return topics.ready().chain(this::topicKnown).chain(format::encoder)
                .onItem().transformToMulti(encoder -> Multi.createBy().merging().withRequests(1)
                        .streams(outbox.again(), orders(encoder)))
                .onFailure().recoverWithCompletion();
    }

    /** From then on no write waits for what the producer knows of the topic, which would keep those behind it waiting too. */
    private Uni<Void> topicKnown() {
        return Uni.createFrom().deferred(() -> clients.getProducer(CHANNEL).partitionsFor(settings.topic()))
                .onFailure().retry().withBackOff(BACKOFF, BACKOFF).indefinitely().replaceWithVoid();
    }

    /** An order is due only when there is room for it. */
    private Multi<Message<byte[]>> orders(AvroEncoder<Order> encoder) {
        return Multi.createBy().repeating().uni(() -> pace.due(() -> spool.isFull() ? 0 : outbox.room())).indefinitely()
                .select().first(due -> !stopped.get()).select().where(due -> !due.isEmpty())
                .onItem().transformToUniAndConcatenate(due -> write(due, encoder));
    }

    /**
     * Makes the orders on the producer's sending thread, which sends all but the last itself: a message costs several times
     * what its order does.
     *
     * @return the message of the last, if none were stopped before
     */
    private Uni<Message<byte[]>> write(List<String> idPrefixes, AvroEncoder<Order> encoder) {
        int last = idPrefixes.size() - 1;
        return clients.<byte[], byte[]> getProducer(CHANNEL).runOnSendingThread(producer -> {
            for (int i = 0; !stopped.get(); i++) {
                Order order = order(idPrefixes.get(i));
                byte[] value = encoder.encode(order);
                if (i == last) {
                    return outbox.first(order, value);
                }
                outbox.send(producer, order, value);
            }
            return null;
        });
    }

    private Order order(String idPrefix) {
        return Catalogue.order(idPrefix + orderIds.apply(made.getAndIncrement()), ThreadLocalRandom.current());
    }

    /** No new orders from here on; those under way are confirmed before the channel closes. */
    void stop(@Observes @Priority(Lifecycle.Stop.GENERATORS) ShutdownEvent event) {
        stopped.set(true);
    }

    /** Called when the producers are closed, and before the spool is. */
    void spoolRest(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.GENERATOR_SPOOL) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        outbox.spoolRest();
    }
}
