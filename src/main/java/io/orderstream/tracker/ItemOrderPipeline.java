package io.orderstream.tracker;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.pipeline.PipelineDefinition;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.support.LogText;
import io.orderstream.totals.CountKey;
import io.orderstream.totals.Totals;
import io.quarkus.arc.ClientProxy;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/** The pipeline of item orders: each goes to the {@link ItemOrderHandler}, and is counted by user and by item. */
@ApplicationScoped
public class ItemOrderPipeline implements PipelineDefinition<ItemOrder> {

    /** Name of the pipeline in answers, metrics and log lines. */
    public static final String NAME = "item-orders";

    /** Dimension under which orders are counted by user. */
    public static final String USER = "user";

    /** Dimension under which orders are counted by item. */
    public static final String ITEM = "item";

    private final Pipelines pipelines;
    private final ItemOrderFormat format;
    private final ItemOrderHandler handler;

    ItemOrderPipeline(Pipelines pipelines, ItemOrderFormat format, ItemOrderHandler handler) {
        this.pipelines = pipelines;
        this.format = ClientProxy.unwrap(format);
        this.handler = handler;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Decoder<ItemOrder> decoder() {
        return format;
    }

    @Override
    public Uni<Void> handle(Delivery<ItemOrder> order) {
        return handler.handle(order);
    }

    /** The number of pieces. */
    @Override
    public long amount(ItemOrder order) {
        return order.quantity();
    }

    @Override
    public Optional<Function<ItemOrder, List<CountKey>>> countKeys() {
        return Optional.of(order -> order == null ? List.of()
                : List.of(new CountKey(USER, order.user()), new CountKey(ITEM, order.item())));
    }

    @Override
    public String label(ItemOrder order) {
        return "itemOrder=" + LogText.value(order.id());
    }

    @Override
    public String summary(Totals totals) {
        return "quantity=%d count=%d".formatted(totals.amount(), totals.processed());
    }

    @Incoming("item-orders-in")
    Uni<Void> process(KafkaRecordBatch<byte[], byte[]> batch) {
        return pipelines.process(batch);
    }
}
