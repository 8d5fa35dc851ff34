package io.orderstream.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import io.orderstream.activity.Activity;
import io.orderstream.commit.ConsumerState;
import io.orderstream.commit.PartitionState;
import io.orderstream.commit.TotalsCommit;
import io.orderstream.commit.TotalsCommitFactory;
import io.orderstream.pipeline.RunningPipeline.Source;
import io.orderstream.totals.Tally;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;

/**
 * The pipeline of a channel, and what there is to say of it, also before the channel is there. Thread safe.
 *
 * @param <T> type of the decoded values
 */
final class ChannelPipeline<T> {

    /** A consumer that has not polled for so long lost its partitions long ago, and does not come back by itself. */
    static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    private final ChannelConfig config;
    private final TotalsCommitFactory commits;
    private final Supplier<Duration> brokerPresent;
    private final Function<TotalsCommit, Pipeline<T>> make;
    // Made with the first batch: the channel's commit strategy exists only once the channel does.
    private volatile Pipeline<T> pipeline;

    /**
     * @param commits knows its commit strategy
     * @param brokerPresent how long the broker has been there, zero if it is away
     * @param make makes the pipeline, given that strategy
     */
    ChannelPipeline(ChannelConfig config, TotalsCommitFactory commits, Supplier<Duration> brokerPresent,
            Function<TotalsCommit, Pipeline<T>> make) {
        this.config = config;
        this.commits = commits;
        this.brokerPresent = brokerPresent;
        this.make = make;
    }

    String channel() {
        return config.channel();
    }

    Source source() {
        return new Source(config.topic(), config.group(), config.deadLetterTopic());
    }

    /** {@link Pipeline#process}; called for one batch after the other. */
    Uni<Void> process(KafkaRecordBatch<byte[], byte[]> batch) {
        if (pipeline == null) {
            pipeline = make.apply(commits.find(channel()).orElseThrow());
        }
        return pipeline.process(batch);
    }

    /** Where each partition of this instance stands, empty before the channel is there. */
    Uni<List<PartitionState>> partitions() {
        return commits.find(channel()).map(TotalsCommit::partitions).orElseGet(() -> Uni.createFrom().item(List.of()));
    }

    /** What the consumer of the channel does. */
    ConsumerState consumer() {
        return commits.find(channel()).map(TotalsCommit::consumer).orElse(ConsumerState.NOT_STARTED);
    }

    /** What is done now, and was done lately. */
    Uni<Activity> activity() {
        return ask(Pipeline::activity, Activity.NONE);
    }

    private <R> Uni<R> ask(Function<Pipeline<T>, R> question, R otherwise) {
        TotalsCommit eventLoop = commits.find(channel()).orElse(null);
        return pipeline == null || eventLoop == null ? Uni.createFrom().item(otherwise)
                : Uni.createFrom().completionStage(
                        () -> CompletableFuture.supplyAsync(() -> question.apply(pipeline), eventLoop::runOnContext));
    }

    /** What this instance has counted by key. */
    Uni<Tally> tally() {
        return commits.find(channel()).map(TotalsCommit::tally).orElseGet(() -> Uni.createFrom().item(new Tally()));
    }

    /** Says that the consumer has not polled for too long, though the broker is there; null if it has. */
    String stalledConsumer() {
        Duration sinceLastPoll = commits.find(channel()).map(TotalsCommit::sinceLastPoll).orElse(Duration.ZERO);
        return isStalled(sinceLastPoll, brokerPresent.get())
                ? "the consumer of " + channel() + " has not polled for " + sinceLastPoll.toSeconds() + " s"
                : null;
    }

    /** What a consumer waits for between two polls is the broker's answer, and it has as long again when that is back. */
    static boolean isStalled(Duration sinceLastPoll, Duration brokerPresent) {
        return sinceLastPoll.compareTo(LONGEST_SILENCE) > 0 && brokerPresent.compareTo(LONGEST_SILENCE) > 0;
    }

    /** The pipeline, if it has had a batch. */
    Optional<Pipeline<T>> pipeline() {
        return Optional.ofNullable(pipeline);
    }
}
