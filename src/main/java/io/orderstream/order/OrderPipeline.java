package io.orderstream.order;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.pipeline.PipelineDefinition;
import io.orderstream.pipeline.Pipelines;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.support.LogText;
import io.orderstream.totals.Totals;
import io.quarkus.arc.ClientProxy;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/** The pipeline of orders: each goes to the {@link OrderHandler}, and its price into the running average. */
@ApplicationScoped
public class OrderPipeline implements PipelineDefinition<Order> {

    /** Name of the pipeline in answers, metrics and log lines. */
    public static final String NAME = "orders";

    private final Pipelines pipelines;
    private final OrderDecoder decoder;
    private final OrderHandler handler;
    /** Null outside of dev mode. */
    private final FaultInjection faults;

    OrderPipeline(Pipelines pipelines, OrderDecoder decoder, OrderHandler handler, Instance<FaultInjection> faults) {
        this.pipelines = pipelines;
        this.decoder = decoder;
        // The bean behind the proxy: a producer method may have declared no more than OrderHandler, and each call is quicker.
        this.handler = ClientProxy.unwrap(handler);
        this.faults = faults.isResolvable() ? faults.get() : null;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Decoder<Order> decoder() {
        return decoder;
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        RuntimeException fault = faults == null ? null : faults.faultOf(order.value());
        return fault == null ? handler.handle(order) : Uni.createFrom().failure(fault);
    }

    @Override
    public boolean isBlocking() {
        return handler instanceof BlockingOrderHandler;
    }

    @Override
    public long amount(Order order) {
        return Money.cents(order);
    }

    @Override
    public String label(Order order) {
        return "order=" + LogText.value(order.getOrderId());
    }

    @Override
    public String summary(Totals totals) {
        return "average=%.2f count=%d".formatted(totals.average(), totals.processed());
    }

    @Incoming("orders-in")
    Uni<Void> process(KafkaRecordBatch<byte[], byte[]> batch) {
        return pipelines.process(batch);
    }

    /** The retry topic is read in either mode: what is left in it is never forgotten. */
    @Incoming("orders-retry-in")
    Uni<Void> retry(KafkaRecordBatch<byte[], byte[]> batch) {
        return pipelines.process(batch);
    }
}
