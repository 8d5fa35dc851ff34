package io.orderstream.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.orderstream.commit.PartitionState;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Tally;
import io.smallrye.mutiny.Uni;

/** One pipeline as a whole: its channels, its totals, and how it stops. Thread safe. */
public final class RunningPipeline {

    private final String pipeline;
    private final RunningTotals totals;
    private final OutageBreaker breaker;
    private final List<Source> sources;
    private final List<? extends ChannelPipeline<?>> channels;
    private final Duration drainTimeout;

    /**
     * What a channel reads.
     *
     * @param topic the topic
     * @param group the consumer group in which it does
     */
    public record Source(String topic, String group) {
    }

    /** A bean that consumes. Each of this type is watched. */
    public interface Owner {

        /** What it is. */
        RunningPipeline consumption();

        /** Whether it is switched on. */
        default boolean isOn() {
            return true;
        }
    }

    RunningPipeline(String pipeline, RunningTotals totals, Steps<?> steps, List<Source> sources,
            List<? extends ChannelPipeline<?>> channels, Duration drainTimeout) {
        this.pipeline = pipeline;
        this.totals = totals;
        this.breaker = steps.breaker();
        this.sources = sources;
        this.channels = channels;
        this.drainTimeout = drainTimeout;
    }

    /** Name of the pipeline in answers, metrics and log lines. */
    public String pipeline() {
        return pipeline;
    }

    /** What this instance has counted. */
    public RunningTotals totals() {
        return totals;
    }

    /** What is read: at first its topic, then that of its retries if it has one. */
    public List<Source> sources() {
        return sources;
    }

    /** Where each partition of this instance stands; empty before the channels are there. */
    public Uni<List<PartitionState>> partitions() {
        return Uni.join().all(channels.stream().map(ChannelPipeline::partitions).toList()).andFailFast()
                .map(states -> states.stream().flatMap(List::stream).toList());
    }

    /** Keys that have records in work. */
    public Uni<Integer> lanes() {
        return Uni.join().all(channels.stream().map(ChannelPipeline::lanes).toList()).andFailFast()
                .map(lanes -> lanes.stream().mapToInt(Integer::intValue).sum());
    }

    /** What this instance has counted by name. */
    public Uni<Tally> tally() {
        return channels.get(0).tally();
    }

    /** Why no progress is possible without a restart, or null if it is. */
    public String failure() {
        return channels.stream().map(ChannelPipeline::failure).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /**
     * Finishes what is being handled, so that a stop never makes a dead letter. To be called before the channels close; blocks.
     */
    public void stop() {
        breaker.stop();
        channels.forEach(channel -> channel.drain(drainTimeout));
    }
}
