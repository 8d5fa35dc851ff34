package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;

import io.orderstream.testsupport.AppProcess;

/**
 * Instances come and go, every other one that goes without warning; between one and so many are there.
 *
 * @param count how often one comes or goes
 * @param most instances at the same time
 */
record JoinsAndLeaves(int count, int most) implements Chaos {

    @Override
    public void unleash(Stage stage) {
        boolean gracefully = stage.random().nextBoolean();
        for (int change = 0; change < count; change++) {
            stage.awaitMoment(count);
            int alive = stage.fleet().alive().size();
            if (alive == 1 || alive < most && stage.random().nextBoolean()) {
                // Or its time would be over before it has come to handle anything.
                stage.fleet().join().awaitListening();
            } else {
                leave(stage.anyAlive().process(), gracefully);
                gracefully = !gracefully;
            }
        }
    }

    private static void leave(AppProcess leaving, boolean gracefully) {
        if (gracefully) {
            leaving.terminate();
        } else {
            leaving.kill();
        }
        leaving.awaitExit(PATIENCE);
    }
}
