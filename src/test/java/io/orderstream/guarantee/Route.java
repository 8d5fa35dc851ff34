package io.orderstream.guarantee;

/**
 * Where a pipeline reads and writes.
 *
 * @param topic topic of its records
 * @param retryTopic topic in which records wait for their next attempt, null if it has none
 * @param dlqTopic topic of its dead letters
 * @param group its consumer group
 */
record Route(String topic, String retryTopic, String dlqTopic, String group) {

    /** One that retries in place. */
    Route(String topic, String dlqTopic, String group) {
        this(topic, null, dlqTopic, group);
    }
}
