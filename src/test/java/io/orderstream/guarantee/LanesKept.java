package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An instance begins with no record before it has brought all earlier ones of the same lane to their end, as far as it had
 * to do with them at all.
 */
final class LanesKept implements ProcessingGuarantee {

    @Override
    public String name() {
        return "records of one lane are handled in their order";
    }

    @Override
    public void check(Evidence evidence) {
        Collection<List<Expected>> lanes = evidence.truth().records().stream().filter(record -> record.lane() != null)
                .collect(Collectors.groupingBy(LanesKept::lane)).values();
        assertThat(lanes).as("lanes").anyMatch(lane -> lane.size() > 1);
        List<String> early = new ArrayList<>();
        for (Instance instance : evidence.instances()) {
            Turns turns = new Turns(instance.calls());
            lanes.forEach(lane -> turns.check(lane, early));
        }
        Violations.none("records handled before an earlier one of their lane was at its end", early);
    }

    /** Lanes do not reach across partitions. */
    private static String lane(Expected record) {
        return record.record().substring(0, record.record().lastIndexOf('-')) + " " + record.lane();
    }

    /** When an instance has begun with each record, and when it has made each call, in numbers of its calls. */
    private static final class Turns {

        private final Map<String, Integer> begins = new HashMap<>();
        private final Map<HandlerCall, Integer> calls = new HashMap<>();

        Turns(List<HandlerCall> inOrder) {
            for (HandlerCall call : inOrder) {
                begins.putIfAbsent(call.record(), calls.size());
                calls.putIfAbsent(call, calls.size());
            }
        }

        void check(List<Expected> lane, Collection<String> early) {
            int mayBegin = 0;
            for (Expected record : lane) {
                if (begins.getOrDefault(record.record(), Integer.MAX_VALUE) < mayBegin) {
                    early.add(record.record());
                }
                // One that has not ended here was given away, and may have ended elsewhere.
                mayBegin = Math.max(mayBegin, calls.getOrDefault(record.lastCall(), 0));
            }
        }
    }
}
