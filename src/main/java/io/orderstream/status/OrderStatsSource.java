package io.orderstream.status;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.common.TopicPartition;

import io.orderstream.average.GroupTotals;
import io.orderstream.average.PartitionState;
import io.orderstream.average.RunningAverage;
import io.orderstream.average.Totals;
import io.orderstream.order.OrderProcessor;
import io.orderstream.order.OrderSettings;
import io.orderstream.pipeline.Outages;
import io.orderstream.pipeline.PipelineSettings;
import io.orderstream.pipeline.RetryPolicy;
import io.smallrye.mutiny.Uni;

/** Statistics of the order pipeline: this instance now, and the whole consumer group from its commits. */
@ApplicationScoped
public class OrderStatsSource {

    /** This instance's own figures must not wait for a broker that is away. */
    private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(2);

    private final RunningAverage average;
    private final GroupTotals groupTotals;
    private final OrderProcessor processor;
    private final OrderSettings orders;
    private final PipelineSettings pipeline;
    private final Outages outages;

    OrderStatsSource(RunningAverage average, GroupTotals groupTotals, OrderProcessor processor, OrderSettings orders,
            PipelineSettings pipeline, Outages outages) {
        this.average = average;
        this.groupTotals = groupTotals;
        this.processor = processor;
        this.orders = orders;
        this.pipeline = pipeline;
        this.outages = outages;
    }

    /** The statistics as of now; may be asked for on any thread. */
    Uni<OrderStats> now() {
        // An order that has been moved to the retry topic ends there, and is counted there.
        Uni<Totals> group = Uni.combine().all()
                .unis(groupTotals.of(pipeline.groupId(), orders.topic()),
                        groupTotals.of(RetryPolicy.group(pipeline), orders.retryTopic()))
                .with(Totals::plus)
                .ifNoItem().after(BROKER_TIMEOUT).fail().onFailure().recoverWithNull();
        return Uni.combine().all().unis(processor.partitions().map(this::ofTopic).chain(this::partitions), group)
                .with((partitions, totals) -> OrderStats.of(average.totals(), average.retries(), partitions, totals,
                        outages.now()));
    }

    private List<PartitionState> ofTopic(List<PartitionState> partitions) {
        return partitions.stream().filter(state -> state.partition().topic().equals(orders.topic())).toList();
    }

    private Uni<List<OrderStats.Partition>> partitions(List<PartitionState> partitions) {
        Map<TopicPartition, Long> watermarks = partitions.stream()
                .collect(Collectors.toMap(PartitionState::partition, PartitionState::watermark));
        return groupTotals.lags(watermarks)
                .ifNoItem().after(BROKER_TIMEOUT).fail().onFailure().recoverWithItem(Map.of())
                .map(lags -> partitions.stream()
                        .map(state -> new OrderStats.Partition(state.partition().partition(), state.watermark(),
                                lags.get(state.partition())))
                        .sorted(Comparator.comparingInt(OrderStats.Partition::partition))
                        .toList());
    }
}
