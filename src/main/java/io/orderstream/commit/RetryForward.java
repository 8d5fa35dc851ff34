package io.orderstream.commit;

import java.util.function.BiConsumer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A record in work that goes on in another topic. It is in work until the transaction has committed that holds both the record
 * there and the offset here.
 */
public final class RetryForward {

    /** What becomes of a move. */
    public enum End {
        /** The record is in the other topic. */
        MADE,
        /** Its partition was given away first: it is for the next owner to handle. */
        LEFT,
        /** The broker takes no record like this one: it is still in work. */
        REFUSED
    }

    private final TopicPartition from;
    private final OffsetTracker progress;
    private final TrackedOffset record;
    private final ProducerRecord<byte[], byte[]> to;
    private final BiConsumer<End, Throwable> ended;

    /**
     * @param from where the record is
     * @param progress the progress of that partition
     * @param record the record in work
     * @param to the record to be written
     * @param ended told on the event loop, once, what became of it, and why if the broker refuses it
     */
    public RetryForward(TopicPartition from, OffsetTracker progress, TrackedOffset record, ProducerRecord<byte[], byte[]> to,
            BiConsumer<End, Throwable> ended) {
        this.from = from;
        this.progress = progress;
        this.record = record;
        this.to = to;
        this.ended = ended;
    }

    TopicPartition from() {
        return from;
    }

    OffsetTracker progress() {
        return progress;
    }

    TrackedOffset record() {
        return record;
    }

    ProducerRecord<byte[], byte[]> to() {
        return to;
    }

    void made() {
        progress.moved(record);
        ended.accept(End.MADE, null);
    }

    void left() {
        ended.accept(End.LEFT, null);
    }

    void refused(Throwable failure) {
        progress.staying(record);
        ended.accept(End.REFUSED, failure);
    }
}
