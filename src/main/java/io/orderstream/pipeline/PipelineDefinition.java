package io.orderstream.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.apache.kafka.common.header.Headers;

import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.totals.CountKey;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/**
 * All that is particular to a pipeline. Each application-scoped bean of this type is a pipeline, and gets from it its topics,
 * retries, lanes, dead letters, totals, metrics, health checks and its orderly stop.
 * <p>
 * A pipeline named {@code payments} reads the channel {@code payments-in}, whose topic, consumer group and dead-letter topic
 * are in {@code application.properties}, and has a method annotated with {@code @Incoming("payments-in")} that hands each
 * batch to {@link Pipelines#process}. If there is a channel {@code payments-retry-in} as well, it reads the topic of retries.
 * A pipeline whose channels are missing or incomplete stops the start with a sentence.
 * <p>
 * Except for {@link #name()}, the methods are called on the event loop of a channel and must not block, unless it
 * is {@link #isBlocking() said} that {@link #handle} does. Whatever they throw, errors included, concerns one
 * record: if it is what the record is read with ({@link #decoder()}, {@link #lane}, {@link #amount}, {@link
 * #countKeys()}), the record becomes a dead letter; if it is what is said of it ({@link #label}, {@link #summary},
 * {@link #ids}, {@link #completeDeadLetter}), it is left out, with a line in the log.
 *
 * @param <T> type of the decoded values
 */
public interface PipelineDefinition<T> {

    /** Stands for the key of the record as its {@link #lane}. */
    Object RECORD_KEY = new Object();

    /**
     * The largest {@link #amount}; its negative is the smallest. A sum of thousands of them is within the range of a
     * {@code long}.
     */
    long LARGEST_AMOUNT = 1_000_000_000_000_000L;

    /**
     * The name of the pipeline in channels, answers, metrics and log lines: lower-case letters, digits and hyphens. It must
     * always be the same.
     */
    String name();

    /** Turns the bytes of records into values; asked for once. A record it cannot decode becomes a dead letter. */
    Decoder<T> decoder();

    /**
     * Handles one attempt of a record.
     *
     * @param record the record, and which attempt this is
     * @return completes when the record is done. A {@link PoisonException}, thrown or as the failure, makes it a dead letter
     *         at once; any other failure is tried again after a backoff
     */
    Uni<Void> handle(Delivery<T> record);

    /** Whether {@link #handle} blocks, so that it is called on a thread of {@link HandlerThreads}. */
    default boolean isBlocking() {
        return false;
    }

    /**
     * What a processed value adds to the sum of amounts. Beyond {@link #LARGEST_AMOUNT} the record becomes a dead letter.
     *
     * @throws PoisonException if it has no amount that can be added
     */
    default long amount(T value) {
        return 0;
    }

    /**
     * What the records that keep their order among each other have in common, within a partition. It needs {@code equals} and
     * {@code hashCode}. While a record waits to be decoded, and if it cannot be, its key stands in for it: a text or bytes
     * name the same lane as a key of that text or these bytes.
     *
     * @return by default {@link #RECORD_KEY}; null for a record that may be handled in any order
     */
    default Object lane(T value) {
        return RECORD_KEY;
    }

    /** Under which keys values are counted as well, such as by user; null stands for a record that could not be decoded. */
    default Optional<Function<T, List<CountKey>>> countKeys() {
        return Optional.empty();
    }

    /** How a value is named in log lines, as key=value; null names the record by its coordinates. */
    default String label(T value) {
        return null;
    }

    /** What the log line of a processed record says of the totals of this instance, as key=value. */
    default String summary(Totals totals) {
        return "count=" + totals.processed();
    }

    /** What a record belongs to, for the MDC of its log lines. Its value is null if it has not been decoded. */
    default Map<String, String> ids(Delivery<T> record) {
        return Map.of();
    }

    /**
     * Adds to the headers of a record that becomes a dead letter.
     *
     * @param headers those of the record, which the dead letter will have
     * @param value its value as it came; may be null
     */
    default void completeDeadLetter(Headers headers, byte[] value) {
    }
}
