package io.orderstream.guarantee;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.orderstream.totals.Totals;

/**
 * The ground truth: the records in a topic, partition by partition in the order of their offsets.
 *
 * @param records the records, and what has to become of each
 */
record Truth(List<Expected> records) {

    /** What has to have been counted in the end. */
    GroupCount counted() {
        Map<String, Totals> names = new TreeMap<>();
        records.forEach(record -> record.names().forEach(name -> names.merge(name, record.counts(), Totals::plus)));
        return new GroupCount(records.stream().map(Expected::counts).reduce(Totals.ZERO, Totals::plus), names);
    }
}
