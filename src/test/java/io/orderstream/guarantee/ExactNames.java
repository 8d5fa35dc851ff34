package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.orderstream.totals.Totals;

/** The group has counted under each name what is in the topic under it, and nothing under any other. */
final class ExactNames implements ProcessingGuarantee {

    @Override
    public String name() {
        return "every record is counted exactly once under each of its names";
    }

    @Override
    public void check(Evidence evidence) {
        Map<String, Totals> wanted = evidence.truth().counted().names();
        assertThat(wanted).as("names in the topic").isNotEmpty();
        assertThat(evidence.group().names()).as("counts of the group by name, against the topic").isEqualTo(wanted);
    }
}
