package io.orderstream.guarantee;

import java.util.List;

/**
 * The consumer stays in its group all the time.
 *
 * @param lines what the application has printed
 */
record PartitionsKept(List<String> lines) implements ProcessingGuarantee {

    @Override
    public String name() {
        return "the consumer keeps its partitions";
    }

    @Override
    public void check(Evidence evidence) {
        Violations.none("lines of a rebalance", lines.stream()
                .filter(line -> line.contains("partitions revoked") || line.contains("partition assigned: ")).toList());
    }
}
