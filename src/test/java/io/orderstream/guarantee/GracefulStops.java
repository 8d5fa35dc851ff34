package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.orderstream.testsupport.AppProcess;

/**
 * The instance is asked to end while it handles records, and another one goes on when it has ended.
 *
 * @param count how often
 */
record GracefulStops(int count) implements Chaos {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
    private static final int TERMINATED = 128 + 15;

    @Override
    public void unleash(Stage stage) {
        for (int stop = 0; stop < count; stop++) {
            stage.awaitMoment(count);
            AppProcess leaving = stage.anyAlive().process();
            leaving.terminate();
            assertThat(leaving.awaitExit(LONGEST_STOP)).as("exit code").isEqualTo(TERMINATED);
            stage.fleet().join();
        }
    }
}
