package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

import org.awaitility.core.ConditionTimeoutException;

import io.orderstream.testsupport.BrokerProcess;

/**
 * The broker goes away while records are handled, and comes back.
 *
 * @param count how often
 * @param duration for how long
 */
record BrokerOutages(int count, Duration duration) implements Chaos {

    @Override
    public void unleash(Stage stage) {
        BrokerProcess broker = stage.broker();
        for (int outage = 0; outage < count; outage++) {
            stage.awaitMoment(count);
            long begin = System.nanoTime();
            broker.stop(stage.random().nextBoolean());
            await().atMost(duration.multipliedBy(2)).until(() -> System.nanoTime() - begin >= duration.toNanos());
            stage.outages().add(new Outage(begin, System.nanoTime()));
            broker.start();
            awaitReady(stage);
        }
    }

    private static void awaitReady(Stage stage) {
        try {
            await().atMost(PATIENCE).until(stage.health()::isReady);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not ready again after the outage" + stage.fleet().lastLines(), e);
        }
    }
}
