package io.orderstream.guarantee;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.orderstream.order.SimulatedFaults.Kind;
import io.orderstream.testsupport.OrderLedger.Entry;

/**
 * What an instance has finished before it ended is not handled again by those that come after it: only what was in flight is.
 * For instances that run one after another and end gracefully.
 * <p>
 * Finished is an order whose last attempt the instance has made. Exhausted ones are left to {@link ExactDeadLetters}: the stop
 * may come between their last attempt and their dead letter.
 */
final class FinishedStaysFinished implements ProcessingGuarantee {

    @Override
    public String name() {
        return "what was finished before a stop is not handled again";
    }

    @Override
    public void check(Evidence evidence) {
        Map<String, Entry> orders = new HashMap<>();
        evidence.orders().entries().forEach(order -> orders.put(evidence.record(order), order));
        Set<String> finished = new HashSet<>();
        Set<String> again = new TreeSet<>();
        for (Instance instance : evidence.instances()) {
            Set<String> finishedHere = new HashSet<>();
            for (HandlerCall call : instance.calls()) {
                if (finished.contains(call.record())) {
                    again.add(call.record());
                }
                if (isEnd(call, orders.get(call.record()))) {
                    finishedHere.add(call.record());
                }
            }
            finished.addAll(finishedHere);
        }
        Violations.none("records handled again that an earlier instance had finished", again);
    }

    private static boolean isEnd(HandlerCall call, Entry order) {
        return call.attempt() == order.attempts() && (order.isProcessed() || order.fault().kind() == Kind.POISON);
    }
}
