package io.orderstream.average;

import java.util.function.Consumer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A record in work that goes on in another topic. It is in work until the transaction has committed that holds both the record
 * there and the offset here.
 */
public final class Move {

    private final TopicPartition from;
    private final PartitionProgress progress;
    private final InWork record;
    private final ProducerRecord<byte[], byte[]> to;
    private final Consumer<Throwable> ended;

    /**
     * @param from where the record is
     * @param progress the progress of that partition
     * @param record the record in work
     * @param to the record to be written
     * @param ended told on the event loop, once: with null when it is moved or its partition was given away, with a failure if
     *        the broker refuses this record for good, and then it is still in work
     */
    public Move(TopicPartition from, PartitionProgress progress, InWork record, ProducerRecord<byte[], byte[]> to,
            Consumer<Throwable> ended) {
        this.from = from;
        this.progress = progress;
        this.record = record;
        this.to = to;
        this.ended = ended;
    }

    TopicPartition from() {
        return from;
    }

    PartitionProgress progress() {
        return progress;
    }

    InWork record() {
        return record;
    }

    ProducerRecord<byte[], byte[]> to() {
        return to;
    }

    void done() {
        progress.moved(record);
        ended.accept(null);
    }

    void refused(Throwable failure) {
        progress.staying(record);
        ended.accept(failure);
    }
}
