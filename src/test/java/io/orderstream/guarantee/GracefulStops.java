package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.orderstream.testsupport.AppProcess;

/**
 * The instance is asked to end while it handles records, and another one goes on when it has ended.
 *
 * @param count how often
 * @param took how long it took each time
 */
record GracefulStops(int count, List<Duration> took) implements Chaos {

    private static final int TERMINATED = 128 + 15;

    GracefulStops(int count) {
        this(count, new ArrayList<>());
    }

    @Override
    public void unleash(Stage stage) {
        for (int stop = 0; stop < count; stop++) {
            stage.awaitMoment(count);
            AppProcess leaving = stage.anyAlive().process();
            long begin = System.nanoTime();
            leaving.terminate();
            assertThat(leaving.awaitExit(Stage.PATIENCE)).as("exit code").isEqualTo(TERMINATED);
            took.add(Duration.ofNanos(System.nanoTime() - begin));
            stage.fleet().join();
        }
    }
}
