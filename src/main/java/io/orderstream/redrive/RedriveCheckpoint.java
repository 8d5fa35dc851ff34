package io.orderstream.redrive;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.orderstream.kafka.TopicEnds;

/**
 * Progress of a job, from which any instance can resume it. Partitions are written {@code topic-partition}.
 *
 * @param ends end offset of each dead-letter partition when the job was created; later dead letters do not belong to
 *        it
 * @param sent dead letters known to be sent, per dead-letter partition, as written by {@link SentDeadLetters}
 * @param scanFrom for each partition of the target topics, the offset from which sent dead letters missing in
 *        {@code sent} can be; empty before the first send
 * @param topicIds ids of the dead-letter topics when the job was created, and of the target topics: the offsets are those of
 *        these topics, not of others that were made later under the same names. Missing in jobs of earlier versions
 */
public record RedriveCheckpoint(Map<TopicPartition, Long> ends, Map<TopicPartition, String> sent,
        Map<TopicPartition, Long> scanFrom, @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> topicIds) {

    /** @throws NullPointerException if a partition has no offset */
    public RedriveCheckpoint {
        ends = ends == null ? Map.of() : Map.copyOf(ends);
        sent = sent == null ? Map.of() : Map.copyOf(sent);
        scanFrom = scanFrom == null ? Map.of() : Map.copyOf(scanFrom);
        topicIds = topicIds == null ? Map.of() : topicIds;
    }

    /** The checkpoint of a new job. */
    static RedriveCheckpoint of(TopicEnds deadLetterTopics) {
        return new RedriveCheckpoint(deadLetterTopics.offsets(), Map.of(), Map.of(), deadLetterTopics.topicIds());
    }

    /** The dead-letter topics when the job was created. */
    TopicEnds deadLetterTopics() {
        return new TopicEnds(ends, topicIds);
    }

    /** The target topics, with the offsets from which sent dead letters can be. */
    TopicEnds targets() {
        return new TopicEnds(scanFrom, topicIds);
    }

    /** The same job with more progress. */
    RedriveCheckpoint with(SentDeadLetters nowSent, TopicEnds targets) {
        Map<String, String> ids = new HashMap<>(topicIds);
        ids.putAll(targets.topicIds());
        return new RedriveCheckpoint(ends, nowSent.write(), Map.copyOf(targets.offsets()), ids);
    }
}
