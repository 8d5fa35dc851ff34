package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;

import io.orderstream.testsupport.AppProcess;

/**
 * The instance is killed without warning while it handles records, and another one takes its place.
 *
 * @param count how often
 */
record Kills(int count) implements Chaos {

    @Override
    public void unleash(Stage stage) {
        for (int kill = 0; kill < count; kill++) {
            stage.awaitMoment(count);
            AppProcess victim = stage.anyAlive().process();
            victim.kill();
            victim.awaitExit(PATIENCE);
            stage.fleet().join();
        }
    }
}
