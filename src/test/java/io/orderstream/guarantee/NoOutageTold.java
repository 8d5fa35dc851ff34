package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application sees no outage where there is none.
 *
 * @param run what has been played
 */
record NoOutageTold(OutageRun run) implements ProcessingGuarantee {

    @Override
    public String name() {
        return "no outage begins";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(run.logged()).as("outages in the log").isEmpty();
        assertThat(run.outagesLeft()).as("shown by the statistics").isEmpty();
    }
}
