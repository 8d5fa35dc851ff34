package io.orderstream.average;

import java.time.Duration;

import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.mutiny.core.Vertx;

/** Makes what only this package can make, for tests of others. */
public final class TotalsCommits {

    private TotalsCommits() {
    }

    public static RunningAverage average() {
        return new RunningAverage();
    }

    /** A commit strategy over a consumer; it commits so seldom that a test does not see it. */
    public static TotalsCommit over(Vertx vertx, KafkaConsumer<?, ?> consumer, RunningAverage average) {
        return new TotalsCommit(vertx, consumer, average, Duration.ofHours(1));
    }
}
