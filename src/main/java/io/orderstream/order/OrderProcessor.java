package io.orderstream.order;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import io.orderstream.average.PartitionState;
import io.orderstream.average.RunningAverage;
import io.orderstream.average.TotalsCommit;
import io.orderstream.average.TotalsCommitFactory;
import io.orderstream.deadletter.DeadLetterWriter;
import io.orderstream.pipeline.Delivery;
import io.orderstream.pipeline.Pipeline;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.Retries;
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
    // Kafka's max.poll.interval.ms: a consumer that polls less often has lost its partitions.
    private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

    private final PipelineSettings settings;
    private final TotalsCommitFactory commits;
    private final RunningAverage average;
    private final Retries retries;
    private final Steps<Order> steps;
    // Made with the first batch: the channel's commit strategy exists only once the channel does.
    private volatile Pipeline<Order> pipeline;

    OrderProcessor(PipelineSettings settings, TotalsCommitFactory commits, RunningAverage average, Retries retries,
            Schemas schemas, OrderHandler handler, Workers workers) {
        this.settings = settings;
        this.commits = commits;
        this.average = average;
        this.retries = retries;
        this.steps = new Steps<>(new AvroDecoder<>(schemas, Order.class), Money::cents, call(handler, workers),
                order -> "order=" + order.getOrderId());
    }

    private static Function<Delivery<Order>, Uni<Void>> call(OrderHandler bean, Workers workers) {
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
        if (pipeline == null) {
            pipeline = new Pipeline<>(steps, retries, commits.find(CHANNEL).orElseThrow(), average,
                    new DeadLetterWriter(settings.groupId(), Clock.systemUTC()), settings.maxInFlight());
        }
        return pipeline.process(batch);
    }

    /** Where each partition of this instance stands, empty before the channel is there. */
    public Uni<List<PartitionState>> partitions() {
        return commits.find(CHANNEL).map(TotalsCommit::partitions).orElseGet(() -> Uni.createFrom().item(List.of()));
    }

    /** Why no progress is possible without a restart, or null if it is. */
    public String failure() {
        Duration sinceLastPoll = commits.find(CHANNEL).map(TotalsCommit::sinceLastPoll).orElse(Duration.ZERO);
        if (sinceLastPoll.compareTo(MAX_POLL_INTERVAL) > 0) {
            return "the consumer of " + CHANNEL + " has not polled for " + sinceLastPoll.toSeconds() + " s";
        }
        return pipeline == null ? null : pipeline.failure();
    }

    /** Finishes what is being handled before the channels close, so that a stop never makes a dead letter. */
    void stop(@Observes @Priority(100) ShutdownEvent event) {
        if (pipeline != null) {
            pipeline.drain(settings.drainTimeout());
        }
    }
}
