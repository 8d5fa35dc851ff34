package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/**
 * The instance is killed without warning in the midst of its retries, and another one takes its place.
 *
 * @param count how often
 */
record KillsAmongRetries(int count) implements Chaos {

    /** Enough that some of them have ended, and others wait. */
    private static final int RETRIES = 40;
    private static final Duration POLL = Duration.ofMillis(10);

    @Override
    public void unleash(Stage stage) {
        for (int kill = 0; kill < count; kill++) {
            stage.awaitMoment(count);
            Instance victim = stage.anyAlive();
            await().pollInterval(POLL).atMost(PATIENCE).until(
                    () -> stage.fleet().retries(victim) >= RETRIES || stage.fleet().handled() == stage.records());
            victim.process().kill();
            victim.process().awaitExit(PATIENCE);
            stage.fleet().join();
        }
    }
}
