package io.orderstream.pipeline;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.orderstream.activity.Activity;
import io.orderstream.commit.ConsumerState;
import io.orderstream.commit.Counting;
import io.orderstream.commit.PartitionState;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Tally;
import io.smallrye.mutiny.Uni;

/**
 * A pipeline as it runs in this instance: its channels and what they have counted. One that is switched off has channels that
 * never get a record. Thread safe.
 */
public final class RunningPipeline {

    private final String name;
    private final boolean isOn;
    private final RunningTotals totals;
    private final int namesLength;
    private final OutageBreaker breaker;
    private final List<ChannelPipeline<?>> channels;

    /**
     * What a channel reads.
     *
     * @param topic the topic
     * @param group the consumer group in which it does
     * @param deadLetterTopic where its dead letters go
     */
    public record Source(String topic, String group, String deadLetterTopic) {
    }

    /**
     * @param breaker null if it is switched off
     * @param namesLength characters of a commit's text that counts by key may have; 0 if nothing is counted so
     * @param channels that of its topic, then that of its retry topic if it has one
     */
    RunningPipeline(String name, boolean isOn, RunningTotals totals, int namesLength, OutageBreaker breaker,
            List<ChannelPipeline<?>> channels) {
        this.name = name;
        this.isOn = isOn;
        this.totals = totals;
        this.namesLength = namesLength;
        this.breaker = breaker;
        this.channels = channels;
    }

    /** Name of the pipeline in answers, metrics and log lines. */
    public String name() {
        return name;
    }

    /** Whether it is switched on. */
    public boolean isOn() {
        return isOn;
    }

    /** What this instance has counted. */
    public RunningTotals totals() {
        return totals;
    }

    /** What is read: at first its topic, then that of its retries if it has one. */
    public List<Source> sources() {
        return channels.stream().map(ChannelPipeline::source).toList();
    }

    /** What the consumer of each channel does, by the names of the channels: that of its topic first. */
    public Map<String, ConsumerState> consumers() {
        Map<String, ConsumerState> consumers = new LinkedHashMap<>();
        channels.forEach(channel -> consumers.put(channel.channel(), channel.consumer()));
        return consumers;
    }

    /** Where each partition of this instance stands; empty before the channels are there. */
    public Uni<List<PartitionState>> partitions() {
        return Uni.join().all(channels.stream().map(ChannelPipeline::partitions).toList()).andFailFast()
                .map(states -> states.stream().flatMap(List::stream).toList());
    }

    /**
     * What this instance does now, and some of what it did lately. Whoever calls this makes room for further records to be
     * noted, so it is for a few calls a second.
     */
    public Uni<Activity> activity() {
        return Uni.join().all(channels.stream().map(ChannelPipeline::activity).toList()).andFailFast()
                .map(activities -> activities.stream().reduce(Activity.NONE, Activity::plus));
    }

    /** When in an outage of what the handler calls the next probe is to be made; null if none is planned. */
    public Instant nextProbe() {
        return breaker.nextProbe();
    }

    /** What this instance has counted by key. */
    public Uni<Tally> tally() {
        return Uni.join().all(channels.stream().map(ChannelPipeline::tally).toList()).andFailFast()
                .map(tallies -> tallies.stream().reduce(new Tally(), Tally::sum));
    }

    /** Which consumer no longer polls, and has lost its partitions; null if all of them do. */
    public String stalledConsumer() {
        return channels.stream().map(ChannelPipeline::stalledConsumer).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** Makes no further probe in an outage. */
    void stopProbes() {
        breaker.stop();
    }

    Stream<ChannelPipeline<?>> channels() {
        return channels.stream();
    }

    /** How the records of a channel are counted: those of a retry topic were received in the topic they were in at first. */
    Counting counting(ChannelPipeline<?> channel) {
        return new Counting(totals, channel == channels.get(0), namesLength);
    }
}
