package io.orderstream.order;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.average.PartitionState;
import io.orderstream.average.RunningAverage;
import io.orderstream.average.TotalsCommitFactory;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.kafka.BrokerWatch;
import io.orderstream.pipeline.ChannelPipeline;
import io.orderstream.pipeline.Delivery;
import io.orderstream.pipeline.OutageBreaker;
import io.orderstream.pipeline.Pipeline;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.Retries;
import io.orderstream.pipeline.RetryPolicy;
import io.orderstream.pipeline.Steps;
import io.orderstream.pipeline.Workers;
import io.orderstream.schema.AvroDecoder;
import io.orderstream.schema.Schemas;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/** Consumes the orders: wires decoder, {@link OrderHandler} and running average into a {@link Pipeline}. */
@ApplicationScoped
public class OrderProcessor {

    private static final String CHANNEL = "orders-in";
    private static final String RETRY_CHANNEL = "orders-retry-in";

    private final Duration drainTimeout;
    private final OutageBreaker breaker;
    private final ChannelPipeline<Order> orders;
    private final ChannelPipeline<Order> retried;

    OrderProcessor(PipelineSettings settings, OrderSettings topics, TotalsCommitFactory commits, RunningAverage average,
            Retries inPlace, Schemas schemas, OrderHandler handler, Workers workers, OrderOutages outages,
            BrokerWatch broker) {
        this.drainTimeout = settings.drainTimeout();
        this.breaker = outages.breaker();
        Function<Delivery<Order>, Uni<Void>> call = call(handler, workers);
        RetryPolicy retries = RetryPolicy.of(settings, inPlace, topics.retryTopic());
        DeadLetterWriter letters = new DeadLetterWriter(settings.groupId(), Clock.systemUTC());
        this.orders = new ChannelPipeline<>(CHANNEL, commits, broker::presentFor,
                channel -> new Pipeline<>(steps(schemas, call, breaker), retries, channel, average, letters,
                        settings.maxInFlight()));
        this.retried = new ChannelPipeline<>(RETRY_CHANNEL, commits, broker::presentFor,
                channel -> Pipeline.ofRetryTopic(steps(schemas, call, breaker),
                        retries, channel, average, letters, settings.retryMaxWaiting()));
    }

    private static Function<Delivery<Order>, Uni<Void>> call(OrderHandler bean, Workers workers) {
        // The bean behind the proxy: a producer method may have declared no more than OrderHandler, and each call is quicker.
        OrderHandler handler = ClientProxy.unwrap(bean);
        return handler instanceof BlockingOrderHandler ? workers.offload(handler::handle) : handler::handle;
    }

    private static Steps<Order> steps(Schemas schemas, Function<Delivery<Order>, Uni<Void>> call, OutageBreaker breaker) {
        return new Steps<>(new AvroDecoder<>(schemas, Order.class), Money::cents, call, order -> "order=" + order.getOrderId(),
                breaker);
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

    /** Where each partition of this instance stands, those of the retry topic included; empty before the channels are there. */
    public Uni<List<PartitionState>> partitions() {
        return Uni.combine().all().unis(orders.partitions(), retried.partitions())
                .with((first, second) -> Stream.concat(first.stream(), second.stream()).toList());
    }

    /** Why no progress is possible without a restart, or null if it is. */
    public String failure() {
        String failure = orders.failure();
        return failure == null ? retried.failure() : failure;
    }

    /** Finishes what is being handled before the channels close, so that a stop never makes a dead letter. */
    void stop(@Observes @Priority(100) ShutdownEvent event) {
        breaker.stop();
        orders.drain(drainTimeout);
        retried.drain(drainTimeout);
    }
}
