package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The instance never asks for a restart.
 *
 * @param isReady whether it also says all the time that it is ready
 */
record HealthStaysUp(boolean isReady) implements ProcessingGuarantee {

    private static final int UP = 200;

    @Override
    public String name() {
        return isReady ? "readiness and liveness stay up" : "liveness stays up";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(evidence.health()).extracting(HealthWatch.Sample::live).as("liveness").containsOnly(UP);
        if (isReady) {
            assertThat(evidence.health()).extracting(HealthWatch.Sample::ready).as("readiness").containsOnly(UP);
        }
    }
}
