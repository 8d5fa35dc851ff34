package io.orderstream.pipeline;

/**
 * What tells one lane from another.
 *
 * @param topic topic of its records
 * @param partition their partition
 * @param common what they have in common: their key, or what the definition of the pipeline has named instead
 */
record LaneKey(String topic, int partition, Object common) {
}
