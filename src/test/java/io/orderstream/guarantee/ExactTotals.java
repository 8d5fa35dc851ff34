package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

/** The group has counted what is in the topic: no record left out, none twice, the amounts to the cent or to the piece. */
final class ExactTotals implements ProcessingGuarantee {

    @Override
    public String name() {
        return "every record is counted exactly once, its amount included";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(evidence.group().totals()).as("totals of the group, against the topic")
                .isEqualTo(evidence.truth().counted().totals());
    }
}
