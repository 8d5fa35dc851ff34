package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The group's offsets have come to the end of the topic, and not beyond, and behind every retry; asked of the broker, not of
 * the application.
 */
final class CommittedToTheEnd implements ProcessingGuarantee {

    @Override
    public String name() {
        return "the offset of every partition is at its end";
    }

    @Override
    public void check(Evidence evidence) {
        assertThat(evidence.committed()).as("committed offsets, against the ends").isEqualTo(evidence.ends());
        Violations.none("records of the retry topic that are not committed", evidence.notRetried());
    }
}
