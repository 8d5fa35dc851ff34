package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The records that cannot succeed are in the dead-letter topic, for the right reason and after the right number of
 * attempts, and no other record is.
 *
 * @param isOnce whether each has to be there once, or may be more often: after a crash nobody knows whether it was written
 */
record ExactDeadLetters(boolean isOnce) implements ProcessingGuarantee {

    @Override
    public String name() {
        return "every record that cannot succeed is dead-lettered " + (isOnce ? "once" : "at least once") + ", and no other is";
    }

    @Override
    public void check(Evidence evidence) {
        Set<DeadLetter> wanted = evidence.truth().records().stream().filter(record -> !record.isProcessed())
                .map(DeadLetter::of).collect(Collectors.toSet());
        List<DeadLetter> found = evidence.deadLetters();
        Set<DeadLetter> there = Set.copyOf(found);
        assertThat(wanted).as("records that cannot succeed").isNotEmpty();
        Violations.none("dead letters that should not be",
                found.stream().filter(letter -> !wanted.contains(letter)).toList());
        Violations.none("dead letters missing", wanted.stream().filter(letter -> !there.contains(letter)).toList());
        if (isOnce) {
            Set<DeadLetter> seen = new HashSet<>();
            Violations.none("dead letters written again", found.stream().filter(letter -> !seen.add(letter)).toList());
        }
    }
}
