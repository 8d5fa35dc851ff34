package io.orderstream.commit;

import java.util.function.BiConsumer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A record in work that goes on in another topic. It is in work until the transaction has committed that holds both the record
 * there and the offset here.
 *
 * @param from where the record is
 * @param progress the progress of that partition
 * @param record the record in work
 * @param to the record to be written
 * @param ended told on the event loop, once, what became of it, and why if the broker refuses it
 */
public record RetryForward(TopicPartition from, OffsetTracker progress, TrackedOffset record,
        ProducerRecord<byte[], byte[]> to, BiConsumer<End, Throwable> ended) {

    /** What becomes of a move. */
    public enum End {
        /** The record is in the other topic. */
        MADE,
        /** Its partition was given away first: it is for the next owner to handle. */
        LEFT,
        /** The broker takes no record like this one: it is still in work. */
        REFUSED
    }

    /** Each move is one of its own: what is to be written gets further headers while it is sent. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    void made() {
        progress.moved(record);
        ended.accept(End.MADE, null);
    }

    void left() {
        ended.accept(End.LEFT, null);
    }

    void refused(Throwable failure) {
        record.isMoving = false;
        ended.accept(End.REFUSED, failure);
    }
}
