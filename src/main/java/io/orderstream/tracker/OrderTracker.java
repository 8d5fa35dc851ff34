package io.orderstream.tracker;

import java.time.Clock;
import java.util.List;

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
import io.orderstream.totals.CountKey;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/** Consumes the item orders, and counts orders and pieces by user and by item. */
@ApplicationScoped
public class OrderTracker implements RunningPipeline.Owner {

    /** Name of the pipeline in answers, metrics and log lines. */
    public static final String PIPELINE = "item-orders";

    /** Dimension under which orders are counted by user. */
    public static final String USER = "user";

    /** Dimension under which orders are counted by item. */
    public static final String ITEM = "item";

    private static final String CHANNEL = "item-orders-in";

    private final TrackerSettings settings;
    private final ChannelPipeline<ItemOrder> orders;
    private final RunningPipeline consumption;

    OrderTracker(PipelineFactory factory, TrackerSettings settings, ItemOrderFormat format, ItemOrderHandler handler,
            TrackerCalls calls) {
        this.settings = settings;
        OutageBreaker breaker = factory.breaker(PIPELINE, calls::ended);
        Steps<ItemOrder> steps = Steps.of(ClientProxy.unwrap(format), handler::handle,
                order -> "itemOrder=" + order.value().id(), breaker)
                .withAmount(ItemOrder::quantity)
                .withNames(OrderTracker::names)
                .withSummary(totals -> "quantity=%d count=%d".formatted(totals.amount(), totals.processed()));
        this.orders = factory.channel(PIPELINE, CHANNEL, steps, factory.retriesInPlace(),
                new DeadLetterWriter(settings.groupId(), Clock.systemUTC()));
        this.consumption = factory.consumption(PIPELINE, steps, List.of(new Source(settings.topic(), settings.groupId())),
                List.of(orders));
    }

    private static List<CountKey> names(ItemOrder order) {
        return order == null ? List.of() : List.of(new CountKey(USER, order.user()), new CountKey(ITEM, order.item()));
    }

    /**
     * Takes the records of one poll. Each is acknowledged on its own by the pipeline.
     *
     * @return completes when the next batch may come
     */
    @Incoming(CHANNEL)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public Uni<Void> process(KafkaRecordBatch<byte[], byte[]> batch) {
        return orders.process(batch);
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
