package io.orderstream.testsupport;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * How many requests of each type the brokers of this JVM have had since their start, by their own count.
 *
 * @param counts by the names Kafka has for them, such as {@code Fetch}
 */
public record BrokerRequests(Map<String, Long> counts) {

    private static final String COUNTERS = "kafka.network:type=RequestMetrics,name=RequestsPerSec,*";

    /** Up to now. */
    public static BrokerRequests now() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Map<String, Long> counts = new TreeMap<>();
        try {
            // One for each version of a type.
            for (ObjectName counter : server.queryNames(new ObjectName(COUNTERS), null)) {
                counts.merge(counter.getKeyProperty("request"), (Long) server.getAttribute(counter, "Count"), Long::sum);
            }
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        return new BrokerRequests(counts);
    }

    /** How many of a type there were. */
    public long of(String type) {
        return counts.getOrDefault(type, 0L);
    }

    /** What has come since an earlier moment, without the types of which nothing has. */
    public BrokerRequests since(BrokerRequests earlier) {
        Map<String, Long> grown = new TreeMap<>();
        counts.forEach((type, count) -> {
            if (count > earlier.of(type)) {
                grown.put(type, count - earlier.of(type));
            }
        });
        return new BrokerRequests(grown);
    }
}
