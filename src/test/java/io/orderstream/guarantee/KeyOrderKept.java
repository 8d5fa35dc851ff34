package io.orderstream.guarantee;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.orderstream.testsupport.OrderLedger.Entry;

/**
 * The endpoint sees no order before it has taken all earlier ones of the same key, or refused them for good. One that it sees
 * again after that is no disorder: its answer may have been lost, or its commit.
 *
 * @param calls what came to the endpoint, oldest first
 */
record KeyOrderKept(List<EndpointCall> calls) implements ProcessingGuarantee {

    @Override
    public String name() {
        return "orders of one key are sent in their order";
    }

    @Override
    public void check(Evidence evidence) {
        Map<String, List<EndpointCall>> callsOf = calls.stream().collect(Collectors.groupingBy(EndpointCall::record));
        Map<String, String> keyOf = new HashMap<>();
        evidence.orders().entries().forEach(order -> keyOf.put(evidence.record(order), order.id()));
        List<String> early = new ArrayList<>();
        evidence.orders().entries().stream().collect(Collectors.groupingBy(Entry::id)).values()
                .forEach(ofKey -> check(evidence, ofKey, callsOf, early));
        Violations.none("orders sent before an earlier one of their key was taken", early);
        Violations.none("calls without an order", calls.stream().filter(call -> !keyOf.containsKey(call.record())).toList());
    }

    private static void check(Evidence evidence, List<Entry> ofKey, Map<String, List<EndpointCall>> callsOf,
            Collection<String> early) {
        long mayBeCalled = Long.MIN_VALUE;
        for (Entry order : ofKey) {
            List<EndpointCall> ofOrder = callsOf.getOrDefault(evidence.record(order), List.of());
            if (!ofOrder.isEmpty() && ofOrder.get(0).nanos() < mayBeCalled) {
                early.add(evidence.record(order));
            }
            mayBeCalled = Math.max(mayBeCalled, ofOrder.stream().filter(EndpointCall::isLast).mapToLong(EndpointCall::nanos)
                    .findFirst().orElse(Long.MAX_VALUE));
        }
    }
}
