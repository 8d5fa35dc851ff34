package io.orderstream.pipeline;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.orderstream.commit.Counting;
import io.orderstream.commit.Counting.CountedChannels;
import io.orderstream.kafka.DeferredChannels;
import io.orderstream.kafka.RequiredTopics;
import io.orderstream.support.Lifecycle;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;

/** All pipelines: one for each bean that is a {@link PipelineDefinition}. Thread safe. */
@ApplicationScoped
public class Pipelines implements RequiredTopics, CountedChannels {

    private final Map<String, RunningPipeline> byName = new HashMap<>();
    private final Map<String, ChannelPipeline<?>> byChannel = new HashMap<>();
    private final Map<String, Counting> countings = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final List<RunningPipeline> running;
    private final Duration drainTimeout;

    Pipelines(@All List<PipelineDefinition<?>> definitions, PipelineFactory factory, PipelineSettings settings) {
        definitions.forEach(definition -> add(factory.make(definition)));
        this.running = byName.values().stream().filter(RunningPipeline::isOn)
                .sorted(Comparator.comparing(RunningPipeline::name)).toList();
        this.drainTimeout = settings.drainTimeout();
    }

    private void add(RunningPipeline pipeline) {
        if (byName.put(pipeline.name(), pipeline) != null) {
            throw new ConfigurationException("Two pipelines have the name '" + pipeline.name() + "'.");
        }
        pipeline.channels().forEach(channel -> {
            byChannel.put(channel.channel(), channel);
            countings.put(channel.channel(), pipeline.counting(channel));
            names.put(channel.channel(), pipeline.name());
        });
    }

    /**
     * Checks, before anything is started, that a method reads each channel, since SmallRye would leave its records to nobody,
     * and that topics and groups differ which have to. How each channel is configured has been checked when the pipelines were
     * made.
     */
    void start(@Observes @Priority(Lifecycle.Start.PIPELINES) StartupEvent event, DeferredChannels channels, NameCheck names) {
        names.check(running);
        byChannel.keySet().stream().filter(channel -> !channels.isRead(channel)).forEach(channel -> {
            throw new ConfigurationException("The channel " + channel + " is read by no method: one with @Incoming(\"" + channel
                    + "\") that calls Pipelines.process is missing.");
        });
    }

    /** Those that are switched on, by their names. */
    public List<RunningPipeline> running() {
        return running;
    }

    /**
     * The pipeline of a name, which may be switched off.
     *
     * @throws IllegalArgumentException if there is none
     */
    public RunningPipeline named(String name) {
        RunningPipeline pipeline = byName.get(name);
        if (pipeline == null) {
            throw new IllegalArgumentException("There is no pipeline '" + name + "', only " + byName.keySet() + ".");
        }
        return pipeline;
    }

    /**
     * Takes the records of one poll of a channel; to be called by its {@code @Incoming} method. The pipeline commits the
     * records, so the acknowledgement of the batch has no effect. May be called on any thread.
     *
     * @return completes when the next batch may come
     */
    public Uni<Void> process(KafkaRecordBatch<byte[], byte[]> batch) {
        String channel = batch.getMetadata(IncomingKafkaRecordBatchMetadata.class).orElseThrow().getChannel();
        return byChannel.get(channel).process(batch);
    }

    @Override
    public Counting counting(String channel) {
        Counting counting = countings.get(channel);
        if (counting == null) {
            throw new IllegalArgumentException(
                    "The channel '" + channel + "' is of no pipeline, so nobody counts its records: the "
                            + "pipelines have the channels " + countings.keySet()
                            + ". Another commit-strategy is for channels of no pipeline.");
        }
        return counting;
    }

    @Override
    public String pipeline(String channel) {
        counting(channel);
        return names.get(channel);
    }

    @Override
    public List<Topic> topics() {
        Set<Topic> topics = new LinkedHashSet<>();
        Map<String, Set<String>> deadLetters = new LinkedHashMap<>();
        running.stream().flatMap(pipeline -> pipeline.sources().stream()).forEach(source -> {
            topics.add(new Topic(source.topic(), Purpose.RECORDS));
            deadLetters.computeIfAbsent(source.deadLetterTopic(), topic -> new LinkedHashSet<>()).add(source.topic());
        });
        deadLetters.forEach((topic, sources) -> topics.add(new Topic(topic, Purpose.DEAD_LETTERS, sources)));
        return List.copyOf(topics);
    }

    /**
     * Finishes what is being handled, in all pipelines at the same time, so that a stop never makes a dead letter. What has not
     * ended within {@code DRAIN_TIMEOUT} is handed back.
     */
    void drain(@Observes @Priority(Lifecycle.Stop.PIPELINES) ShutdownEvent event) {
        running.forEach(RunningPipeline::stopProbes);
        drain(running.stream().flatMap(RunningPipeline::channels).flatMap(channel -> channel.pipeline().stream()),
                drainTimeout);
    }

    /** Blocks; must not be called on an event loop. */
    static void drain(Stream<? extends Pipeline<?>> started, Duration timeout) {
        List<? extends Pipeline<?>> pipelines = started.toList();
        try {
            CompletableFuture.allOf(pipelines.stream().map(Pipeline::drain).toArray(CompletableFuture[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            pipelines.forEach(Pipeline::abandon);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("drain cannot fail", e);
        }
    }
}
