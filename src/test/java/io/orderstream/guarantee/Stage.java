package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.awaitility.core.ConditionTimeoutException;

import io.orderstream.testsupport.BrokerProcess;

/**
 * What chaos acts on: the instances and the broker of a run that is under way.
 *
 * @param fleet the instances
 * @param broker the broker
 * @param health watches the first instance
 * @param records records there are in the end
 * @param random decides everything that is decided by chance
 * @param outages times without a broker, noted by whoever takes it away
 */
record Stage(Fleet fleet, BrokerProcess broker, HealthWatch health, int records, Random random, List<Outage> outages) {

    private static final Duration POLL = Duration.ofMillis(10);

    Stage(Fleet fleet, BrokerProcess broker, HealthWatch health, int records, Random random) {
        this(fleet, broker, health, records, random, new ArrayList<>());
    }

    /** One of the instances that run. */
    Instance anyAlive() {
        List<Instance> alive = fleet.alive();
        assertThat(alive).as("instances that run").isNotEmpty();
        return alive.get(random.nextInt(alive.size()));
    }

    /**
     * Waits for the next of some moments at random. A moment is a number of records that are handled for the first
     * time from now on, drawn so that after the last one there are still some; should all be handled before it, it is
     * then.
     *
     * @param count how many moments there are altogether
     */
    void awaitMoment(int count) {
        int moment = Math.min(records, fleet.handled() + random.nextInt(1, records * 4 / 5 / count));
        try {
            await().pollInterval(POLL).atMost(PATIENCE).until(() -> fleet.handled() >= moment);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no progress: handled=" + fleet.handled() + " awaited=" + moment + " alive="
                    + fleet.alive().size() + fleet.lastLines(), e);
        }
    }
}
