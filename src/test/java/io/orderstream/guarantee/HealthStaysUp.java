package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.orderstream.guarantee.HealthWatch.Sample;
import io.orderstream.testsupport.TooLate;

/**
 * The instance never asks for a restart.
 *
 * @param isReady whether it also says all the time that it is ready
 */
record HealthStaysUp(boolean isReady) implements ProcessingGuarantee {

    private static final int DOWN = 503;
    /** A machine that is busy answers late, or is late to hear from the broker. An outage here lasts longer than that. */
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final List<String> OF_BROKER = List.of("kafka broker");
    /** A record is stuck by its age, and the machine may be what makes it old. */
    private static final List<String> OF_PARTITIONS = List.of("partitions");

    @Override
    public String name() {
        return isReady ? "readiness and liveness stay up" : "liveness stays up";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(evidence.health()).extracting(Sample::live).as("liveness").doesNotContain(DOWN);
        assertThatPausesAreShort("liveness", evidence.health(), Sample::isLive);
        if (isReady) {
            List<List<String>> down = evidence.health().stream().filter(sample -> sample.ready() == DOWN).map(Sample::down)
                    .distinct().toList();
            assertThat(down).as("why it was not ready").isSubsetOf(OF_BROKER, OF_PARTITIONS);
            if (down.contains(OF_PARTITIONS)) {
                throw new TooLate("records took longer than STUCK_AFTER, so that the instance was not ready");
            }
            assertThatPausesAreShort("readiness", evidence.health(), Sample::isReady);
        }
    }

    private static void assertThatPausesAreShort(String probe, List<Sample> samples, Predicate<Sample> isUp) {
        List<String> pauses = new ArrayList<>();
        long lastUp = samples.get(0).nanos();
        for (Sample sample : samples) {
            if (TooLate.isTooLong(lastUp, sample.nanos(), PAUSE)) {
                pauses.add("none for " + Duration.ofNanos(sample.nanos() - lastUp) + ", then " + sample);
            }
            if (isUp.test(sample)) {
                lastUp = sample.nanos();
            }
        }
        Violations.none("pauses of " + probe, pauses);
    }
}
