package io.orderstream.commit;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;

import io.smallrye.mutiny.Multi;

/** A consumer that keeps what is committed, and answers as it is told. */
final class CommitLog extends MockConsumer<byte[], byte[]> {

    static final Duration TICK = Duration.ofMillis(5);

    final List<Map<TopicPartition, OffsetAndMetadata>> commits = new CopyOnWriteArrayList<>();
    Function<Integer, Exception> answer = attempt -> null;

    CommitLog() {
        super("earliest");
    }

    @Override
    public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        commits.add(Map.copyOf(offsets));
        callback.onComplete(offsets, answer.apply(commits.size()));
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        if (!offsets.isEmpty()) {
            commits.add(Map.copyOf(offsets));
        }
    }

    /** Returns when the timer of the commits, if it is due at all, has fired several times more. */
    void awaitTicks() {
        Multi.createFrom().ticks().every(TICK.multipliedBy(2)).select().first(5).collect().asList().await()
                .atMost(PATIENCE);
    }
}
