package io.orderstream.testsupport;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * The application most tests share, as each further one costs ten seconds. No generator, short delays, an operator, and
 * half of all orders and events fail one way or the other: a test picks the ids it needs, and counts what it adds.
 */
public class HalfFailing implements QuarkusTestProfile {

    /** The first back-off; the contract's second, scaled. */
    public static final long BACKOFF_MILLIS = 400;

    /** Between two probes in an outage at the least. */
    public static final Duration PROBE_DELAY = Duration.ofMillis(200);

    public static final SimulatedFaults FAULTS = new SimulatedFaults(0.5);

    /** Of the operator, with a colon in the password. */
    public static final String CREDENTIALS = "olga:pass:word";

    @Override
    public Map<String, String> getConfigOverrides() {
        String rate = Double.toString(FAULTS.rate());
        Map<String, String> settings = new HashMap<>(Map.of("ORDERS_COUNT", "0", "RETRY_BACKOFF_SECONDS",
                Double.toString(BACKOFF_MILLIS / 1000.0), "ERROR_SIMULATION_RATE", rate, "EVENTS_ERROR_RATE", rate,
                "OUTAGE_PROBE_DELAY", PROBE_DELAY.toMillis() + "ms", "OUTAGE_PROBE_MAX_DELAY", "500ms", "OPERATOR_USER",
                CREDENTIALS.split(":", 2)[0], "OPERATOR_PASSWORD", CREDENTIALS.split(":", 2)[1]));
        // As in dev mode, whose lines some tests read.
        settings.put("LOG_LEVEL", "debug");
        return settings;
    }

    /** A new order id with such a fault. */
    public static String orderWith(Predicate<Fault> fault) {
        String run = UUID.randomUUID().toString();
        return IntStream.range(0, 10_000).mapToObj(number -> run + "-" + number)
                .filter(id -> fault.test(FAULTS.of(id))).findFirst().orElseThrow();
    }
}
