package io.orderstream.guarantee;

import java.util.HashMap;
import java.util.Map;

/**
 * One scenario: how many records of which pipeline are written how fast, who handles them, and what goes wrong meanwhile.
 * Immutable; each method gives another one.
 *
 * @param scenario its name in the line that is printed
 * @param workload what is written, and what has to become of it
 * @param records number of records
 * @param recordsPerSecond how fast they are written
 * @param errorRate share of them that fails, half of it transient, half poison
 * @param instances instances at the start
 * @param settings further settings of each instance
 * @param chaos what goes wrong
 */
record GuaranteeRun(String scenario, Workload workload, int records, int recordsPerSecond, double errorRate,
        int instances, Map<String, String> settings, Chaos chaos) {

    private static final double TENTH = 0.1;

    /** One instance, and a tenth of the records fails. */
    static GuaranteeRun of(String scenario, Workload workload, int records, Chaos chaos) {
        // Short intervals and time-outs, for the sake of the test's duration; trace shows the handler's calls.
        return new GuaranteeRun(scenario, workload, records, 500, TENTH, 1, Map.of("ORDERS_COUNT", "0", "LOG_LEVEL", "trace",
                "COMMIT_INTERVAL", "100ms", "SESSION_TIMEOUT", "6s", "RETRY_BACKOFF_SECONDS", "0.05"), chaos);
    }

    GuaranteeRun writtenAt(int perSecond) {
        return new GuaranteeRun(scenario, workload, records, perSecond, errorRate, instances, settings, chaos);
    }

    GuaranteeRun handledBy(int atTheStart) {
        return new GuaranteeRun(scenario, workload, records, recordsPerSecond, errorRate, atTheStart, settings, chaos);
    }

    GuaranteeRun with(String setting, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value);
        return new GuaranteeRun(scenario, workload, records, recordsPerSecond, errorRate, instances, more, chaos);
    }

    /** Tells it from all others; that of orders is the scenario's. */
    String name() {
        return workload instanceof OrderWorkload ? scenario : scenario + "-" + workload.pipeline();
    }
}
