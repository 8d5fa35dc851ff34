package io.orderstream.kafka;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

/**
 * Where topics ended at some moment. The ids tell a topic from one that was deleted and made anew under the same name, whose
 * offsets are those of other records.
 *
 * @param offsets end of each partition
 * @param topicIds id of each topic; without those for which the broker gives none
 */
public record TopicEnds(Map<TopicPartition, Long> offsets, Map<String, String> topicIds) {

    public static final TopicEnds NONE = new TopicEnds(Map.of(), Map.of());

    /** Ids are missing in what earlier versions have written. */
    public TopicEnds {
        topicIds = topicIds == null ? Map.of() : topicIds;
    }

    /** Whether a topic is not known to have been made anew between this moment and the other one. */
    public boolean hasSame(String topic, TopicEnds other) {
        String id = topicIds.get(topic);
        String otherId = other.topicIds.get(topic);
        return id == null || otherId == null || id.equals(otherId);
    }

    /**
     * Returns the offsets from which all that was written after this moment is found. A partition that was added
     * since, or is one of a topic made anew, begins at 0.
     *
     * @param now where the same topics end now
     */
    public Map<TopicPartition, Long> until(TopicEnds now) {
        Map<TopicPartition, Long> from = new HashMap<>();
        now.offsets.forEach((partition, end) -> {
            long before = offsets.getOrDefault(partition, 0L);
            from.put(partition, hasSame(partition.topic(), now) && before <= end ? before : 0L);
        });
        return from;
    }
}
