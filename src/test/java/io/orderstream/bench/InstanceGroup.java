package io.orderstream.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.orderstream.bench.Orderstream.Instance;
import io.orderstream.testsupport.Jdks;

/** Instances of orderstream that share their work. */
final class InstanceGroup implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(4);

    private final Map<String, String> environment;
    private final List<Instance> instances = new ArrayList<>();

    /** @param environment settings of each */
    InstanceGroup(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Starts one more, and waits until it has its share of the partitions. */
    void start() {
        Instance next = Orderstream.start(environment, Jdks.own(), Bench.JVM_OPTIONS);
        instances.add(next);
        await().atMost(START_PATIENCE).until(next::isAtWork);
    }

    /** Ends the oldest, as Kubernetes does. */
    void stopOldest() {
        Instance oldest = instances.remove(0);
        oldest.process().terminate();
        oldest.process().awaitExit(STOP_PATIENCE);
        oldest.close();
    }

    /** Kills the oldest. */
    void killOldest() {
        instances.remove(0).close();
    }

    /** One that runs. */
    Instance any() {
        return instances.get(0);
    }

    /** What those that run now have finished. */
    long finished() {
        return instances.stream().mapToLong(Instance::finished).sum();
    }

    @Override
    public void close() {
        instances.forEach(Instance::close);
    }
}
