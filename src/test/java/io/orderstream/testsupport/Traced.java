package io.orderstream.testsupport;

import java.util.HashMap;
import java.util.Map;

import io.orderstream.pipeline.SimulatedFaults;
import io.quarkus.test.junit.QuarkusTestProfile;

/** Tracing is on. Half of all records fail one way or the other, a few orders are generated, and there is an operator. */
public class Traced implements QuarkusTestProfile {

    public static final SimulatedFaults FAULTS = new SimulatedFaults(0.5);
    public static final String CREDENTIALS = "olga:secret";
    public static final int FIRST_ORDER = 1001;
    public static final int ORDERS = 40;

    @Override
    public Map<String, String> getConfigOverrides() {
        String rate = Double.toString(FAULTS.rate());
        Map<String, String> settings = new HashMap<>(Map.of("TRACING_ENABLED", "true", "quarkus.otel.bsp.schedule.delay",
                "50ms", "ORDERS_ID_START",
                Integer.toString(FIRST_ORDER), "ORDERS_COUNT", Integer.toString(ORDERS), "ORDERS_INTERVAL", "5ms",
                "ERROR_SIMULATION_RATE", rate, "EVENTS_ERROR_RATE", rate, "RETRY_BACKOFF_SECONDS", "0.05", "OPERATOR_USER",
                CREDENTIALS.split(":")[0], "OPERATOR_PASSWORD", CREDENTIALS.split(":")[1]));
        settings.put("LOG_LEVEL", "debug");
        return settings;
    }
}
