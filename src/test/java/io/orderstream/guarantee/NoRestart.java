package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

/** The instance that was started is the one that answers at the end: there was no other. */
final class NoRestart implements ProcessingGuarantee {

    @Override
    public String name() {
        return "no instance has to be restarted";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(evidence.instances()).as("instances").hasSize(1);
    }
}
