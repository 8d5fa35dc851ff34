package io.orderstream.commit;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.metrics.Metric;

/**
 * Tells of records that were deleted before they were handled, by the retention of their topic or by an operator. To be used
 * on one thread.
 */
final class LostRecords {

    private static final Logger LOG = Logger.getLogger(LostRecords.class);

    private final MeterRegistry registry;
    private final String pipeline;
    private final Map<String, Counter> counters = new HashMap<>();

    /**
     * @param pipeline name of the pipeline that reads them
     * @param topic what it reads, so that a counter is there before it is needed
     */
    LostRecords(MeterRegistry registry, String pipeline, String topic) {
        this.registry = registry;
        this.pipeline = pipeline;
        counter(topic);
    }

    private Counter counter(String topic) {
        return counters.computeIfAbsent(topic, name -> Metric.RECORDS_LOST.counter(registry, pipeline, name));
    }

    /**
     * Tells of a loss once.
     *
     * @param from the first offset that is not read any more
     * @param to the first that is
     * @param count offsets between them that were not finished; marks of transactions among them cannot be told from records
     */
    void tell(TopicPartition partition, long from, long to, long count) {
        if (count > 0) {
            LOG.warnf("records lost, they were deleted before they were read: topic=%s partition=%d from=%d to=%d count=%d",
                    partition.topic(), partition.partition(), from, to, count);
            counter(partition.topic()).increment(count);
        }
    }
}
