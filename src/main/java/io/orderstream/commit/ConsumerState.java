package io.orderstream.commit;

import java.time.Duration;

import io.orderstream.support.Labelled;

/**
 * What the consumer of a channel does.
 *
 * @param kind what it does
 * @param lasting for how long it has had no partition or only failed polls; zero if it consumes or is idle
 * @param reason why it does not consume, in one line; with the name of Kafka's error if there is one; null if it consumes
 */
public record ConsumerState(Kind kind, Duration lasting, String reason) {

    /** What a consumer may do. */
    public enum Kind implements Labelled {
        /** It has partitions, and its polls succeed. */
        CONSUMING,
        /** It is a member of its group, in which others have all partitions. */
        IDLE,
        /** It has no partition yet, or a poll has failed, which is usual for a short time. */
        JOINING,
        /** The same for a time that is not usual. */
        FAILING
    }

    static final ConsumerState CONSUMING = new ConsumerState(Kind.CONSUMING, Duration.ZERO, null);

    /** Of a channel that has not started. */
    public static final ConsumerState NOT_STARTED = joining("the channel has not started");

    static ConsumerState idle(String reason) {
        return new ConsumerState(Kind.IDLE, Duration.ZERO, reason);
    }

    static ConsumerState joining(String reason) {
        return new ConsumerState(Kind.JOINING, Duration.ZERO, reason);
    }

    static ConsumerState failing(String reason) {
        return new ConsumerState(Kind.FAILING, Duration.ZERO, reason);
    }

    /** Whether it is as it should be. */
    public boolean isWell() {
        return kind == Kind.CONSUMING || kind == Kind.IDLE;
    }
}
