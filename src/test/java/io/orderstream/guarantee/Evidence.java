package io.orderstream.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.orderstream.testsupport.TooLate;

/**
 * What is there when a run has ended: the facts the guarantees are held against.
 *
 * @param truth the ground truth: the records in the topic, and what has to become of each
 * @param deadLetters what is in the dead-letter topic
 * @param group what the group has counted, as an instance answers it
 * @param committed the group's offset in each partition
 * @param ends the end of each partition
 * @param notRetried records of the retry topic the group has not committed, as partition-offset
 * @param instances every instance there was, in the order of their starts
 * @param calls the handler calls of all of them
 * @param outages times without a broker
 * @param health answers of the probes, if they were watched
 */
record Evidence(Truth truth, List<DeadLetter> deadLetters, GroupCount group, Map<Integer, Long> committed,
        Map<Integer, Long> ends, List<String> notRetried, List<Instance> instances, HandlerCalls calls, List<Outage> outages,
        List<HealthWatch.Sample> health) {

    /**
     * Fails with every one of the guarantees that does not hold.
     *
     * @throws TooLate if it is only the time that does not hold
     */
    void assertThatHold(ProcessingGuarantee... guarantees) {
        List<String> broken = new ArrayList<>();
        boolean isOnlyLate = true;
        for (ProcessingGuarantee guarantee : guarantees) {
            try {
                guarantee.check(this);
            } catch (AssertionError e) {
                broken.add("broken: " + guarantee.name() + ": " + e.getMessage());
                isOnlyLate &= e instanceof TooLate;
            }
        }
        if (!broken.isEmpty()) {
            String all = String.join("\n", broken);
            throw isOnlyLate ? new TooLate(all) : new AssertionError(all);
        }
    }
}
