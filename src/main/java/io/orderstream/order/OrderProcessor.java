package io.orderstream.order;

import java.time.Clock;
import java.util.List;
import java.util.function.Function;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.pipeline.ChannelPipeline;
import io.orderstream.pipeline.HandlerThreads;
import io.orderstream.pipeline.PipelineFactory;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.RetryPolicy;
import io.orderstream.pipeline.RunningPipeline;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.pipeline.Steps;
import io.orderstream.record.Delivery;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/**
 * Consumes the orders: wires decoder, {@link OrderHandler} and running average into a
 * {@link io.orderstream.pipeline.Pipeline}.
 */
@ApplicationScoped
public class OrderProcessor implements RunningPipeline.Owner {

    /** Name of the pipeline in answers, metrics and log lines. */
    public static final String PIPELINE = "orders";

    private static final String CHANNEL = "orders-in";
    private static final String RETRY_CHANNEL = "orders-retry-in";

    private final ChannelPipeline<Order> orders;
    private final ChannelPipeline<Order> retried;
    private final RunningPipeline consumption;

    OrderProcessor(PipelineFactory factory, PipelineSettings settings, OrderSettings topics, OrderDecoder decoder,
            OrderHandler handler, HandlerThreads workers, OrderCalls calls) {
        OutageBreaker breaker = factory.breaker(PIPELINE, calls::ended);
        Steps<Order> steps = Steps.of(decoder, call(handler, workers),
                order -> "order=" + order.value().getOrderId(), breaker).withAmount(Money::cents)
                .withSummary(totals -> "average=%.2f count=%d".formatted(totals.average(), totals.processed()));
        RetryPolicy retries = factory.retries(topics.retryTopic());
        DeadLetterWriter letters = new DeadLetterWriter(settings.groupId(), Clock.systemUTC());
        this.orders = factory.channel(PIPELINE, CHANNEL, steps, retries, letters);
        this.retried = factory.retryChannel(PIPELINE, RETRY_CHANNEL, steps, retries, letters);
        this.consumption = factory.consumption(PIPELINE, steps, List.of(new Source(topics.topic(), settings.groupId()),
                new Source(topics.retryTopic(), RetryPolicy.group(settings))), List.of(orders, retried));
    }

    private static Function<Delivery<Order>, Uni<Void>> call(OrderHandler bean, HandlerThreads workers) {
        // The bean behind the proxy: a producer method may have declared no more than OrderHandler, and each call is quicker.
        OrderHandler handler = ClientProxy.unwrap(bean);
        return handler instanceof BlockingOrderHandler ? workers.offload(handler::handle) : handler::handle;
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

    /** The same for the orders of the retry topic, which is read in either mode: what is left in it is never forgotten. */
    @Incoming(RETRY_CHANNEL)
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public Uni<Void> processAgain(KafkaRecordBatch<byte[], byte[]> batch) {
        return retried.process(batch);
    }

    @Override
    public RunningPipeline consumption() {
        return consumption;
    }

    /** Before the channels close. */
    void stop(@Observes @Priority(100) ShutdownEvent event) {
        consumption.stop();
    }
}
