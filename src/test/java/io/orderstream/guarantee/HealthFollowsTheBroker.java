package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** An instance says that it is not ready while there is no broker, and ready again afterwards; it never asks for a restart. */
final class HealthFollowsTheBroker implements ProcessingGuarantee {

    private static final int UP = 200;
    private static final int DOWN = 503;

    @Override
    public String name() {
        return "readiness goes down and up with the broker, liveness stays up";
    }

    @Override
    public void check(Evidence evidence) {
        new HealthStaysUp(false).check(evidence);
        List<HealthWatch.Sample> samples = evidence.health();
        assertThat(evidence.outages()).isNotEmpty().allSatisfy(outage -> assertThat(samples)
                .filteredOn(sample -> outage.covers(sample.nanos())).extracting(HealthWatch.Sample::ready)
                .as("readiness in an outage").contains(DOWN));
        assertThat(samples.get(samples.size() - 1).ready()).as("readiness at the end").isEqualTo(UP);
    }
}
