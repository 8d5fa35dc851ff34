package io.orderstream.order;

import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.quarkus.test.junit.QuarkusTestProfile;

/** No generator, short delays, and half of all orders fail one way or the other: a test picks the ids it needs. */
public class HalfFailing implements QuarkusTestProfile {

    /** The first back-off; the contract's second, scaled. */
    static final long BACKOFF_MILLIS = 400;

    static final SimulatedFaults FAULTS = new SimulatedFaults(0.5);

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("ORDERS_COUNT", "0", "RETRY_BACKOFF_SECONDS", Double.toString(BACKOFF_MILLIS / 1000.0),
                "ERROR_SIMULATION_RATE", Double.toString(FAULTS.rate()), "OUTAGE_PROBE_DELAY", "200ms",
                "OUTAGE_PROBE_MAX_DELAY", "500ms");
    }

    /** A new order id with such a fault. */
    static String orderWith(Predicate<Fault> fault) {
        String run = UUID.randomUUID().toString();
        return IntStream.range(0, 10_000).mapToObj(number -> run + "-" + number)
                .filter(id -> fault.test(FAULTS.of(id))).findFirst().orElseThrow();
    }
}
