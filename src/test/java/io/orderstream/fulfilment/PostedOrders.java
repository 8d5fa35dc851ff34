package io.orderstream.fulfilment;

import java.time.Duration;
import java.util.Map;

import io.orderstream.order.RecordingOrderHandler;
import io.quarkus.test.junit.QuarkusTestProfile;

/** No handler but those that are shipped, no generator, and everything that waits waits briefly. */
public class PostedOrders implements QuarkusTestProfile {

    static final int MAX_RETRIES = 2;
    /** Long enough for the first call of all, for which most classes are loaded. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** Few: an outage is got over once so many calls have gone well. */
    static final int MAX_IN_FLIGHT = 20;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("quarkus.arc.exclude-types", RecordingOrderHandler.class.getName(), "ORDERS_COUNT", "0", "MAX_RETRIES",
                Integer.toString(MAX_RETRIES), "MAX_IN_FLIGHT", Integer.toString(MAX_IN_FLIGHT), "RETRY_BACKOFF_SECONDS",
                "0.05",
                "FULFILMENT_TIMEOUT", TIMEOUT.toMillis() + "ms", "OUTAGE_WINDOW", "10", "OUTAGE_PROBE_DELAY", "100ms",
                "OUTAGE_PROBE_MAX_DELAY",
                "300ms");
    }
}
