package io.orderstream.redrive;

import org.jetbrains.annotations.Nullable;

/**
 * A dead letter that a job has not sent. It is still in its topic, unless the reason says otherwise.
 *
 * @param topic the dead-letter topic
 * @param partition partition of the dead-letter topic
 * @param offset offset in this partition
 * @param reason why, one of the constants of {@link RedriveCounts}
 * @param detail what the reason does not say, such as the broker's message; null if there is nothing
 */
public record LeftOutDeadLetter(String topic, int partition, long offset, String reason, @Nullable String detail) {
}
