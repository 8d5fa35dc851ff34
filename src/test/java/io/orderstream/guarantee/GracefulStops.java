package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.orderstream.testsupport.AppProcess;

/**
 * The instance is asked to end while it handles records, and another one goes on when it has ended.
 *
 * @param count how often
 * @param stops when it was asked each time, and when it had ended
 */
record GracefulStops(int count, List<Outage> stops) implements Chaos {

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
            assertThat(leaving.awaitExit(PATIENCE)).as("exit code").isEqualTo(TERMINATED);
            stops.add(new Outage(begin, System.nanoTime()));
            stage.fleet().join();
        }
    }
}
