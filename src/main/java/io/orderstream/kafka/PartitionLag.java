package io.orderstream.kafka;

/**
 * How far a reader is behind the end of a partition, which is its high watermark.
 *
 * @param records records between the reader and the end of the partition
 * @param inTransaction how many of them cannot be read yet, because they are in or behind a transaction that is open
 */
public record PartitionLag(long records, long inTransaction) {
}
