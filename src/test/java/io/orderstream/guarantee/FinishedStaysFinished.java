package io.orderstream.guarantee;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an instance has finished before it ended is not handled again by those that come after it: only what was in flight is.
 * For instances that run one after another and end gracefully.
 * <p>
 * Finished is a record whose last attempt the instance has made. Exhausted ones are left to {@link ExactDeadLetters}: the stop
 * may come between their last attempt and their dead letter.
 */
final class FinishedStaysFinished implements ProcessingGuarantee {

    @Override
    public String name() {
        return "what was finished before a stop is not handled again";
    }

    @Override
    public void check(Evidence evidence) {
        Map<String, Expected> records = new HashMap<>();
        evidence.truth().records().forEach(record -> records.put(record.record(), record));
        Set<String> finished = new HashSet<>();
        Set<String> again = new TreeSet<>();
        for (Instance instance : evidence.instances()) {
            Set<String> finishedHere = new HashSet<>();
            for (HandlerCall call : instance.calls()) {
                if (finished.contains(call.record())) {
                    again.add(call.record());
                }
                if (isEnd(call, records.get(call.record()))) {
                    finishedHere.add(call.record());
                }
            }
            finished.addAll(finishedHere);
        }
        Violations.none("records handled again that an earlier instance had finished", again);
    }

    private static boolean isEnd(HandlerCall call, Expected record) {
        return call.equals(record.lastCall()) && !record.fate().isExhausted();
    }
}
