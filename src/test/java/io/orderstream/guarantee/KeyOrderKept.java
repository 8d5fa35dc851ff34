package io.orderstream.guarantee;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
        evidence.truth().records().forEach(order -> keyOf.put(order.record(), order.key()));
        List<String> early = new ArrayList<>();
        evidence.truth().records().stream().collect(Collectors.groupingBy(Expected::key)).values()
                .forEach(ofKey -> check(ofKey, callsOf, early));
        Violations.none("orders sent before an earlier one of their key was taken", early);
        Violations.none("calls without an order", calls.stream().filter(call -> !keyOf.containsKey(call.record())).toList());
    }

    private static void check(List<Expected> ofKey, Map<String, List<EndpointCall>> callsOf,
            Collection<String> early) {
        long mayBeCalled = Long.MIN_VALUE;
        for (Expected order : ofKey) {
            List<EndpointCall> ofOrder = callsOf.getOrDefault(order.record(), List.of());
            if (!ofOrder.isEmpty() && ofOrder.get(0).nanos() < mayBeCalled) {
                early.add(order.record());
            }
            mayBeCalled = Math.max(mayBeCalled, ofOrder.stream().filter(EndpointCall::isLast).mapToLong(EndpointCall::nanos)
                    .findFirst().orElse(Long.MAX_VALUE));
        }
    }
}
