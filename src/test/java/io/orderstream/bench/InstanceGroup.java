package io.orderstream.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.orderstream.bench.Orderstream.Instance;
import io.orderstream.testsupport.Jdks;

/** Instances of orderstream that share their work. */
final class InstanceGroup implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(4);

    private final Map<String, String> environment;
    private final boolean isStatic;
    private final List<Member> members = new ArrayList<>();
    private int started;

    private record Member(String name, Instance instance) {
    }

    /** @param environment settings of each */
    InstanceGroup(Map<String, String> environment) {
        this(environment, false);
    }

    /**
     * @param environment settings of each
     * @param isStatic whether each is a static member of its groups
     */
    InstanceGroup(Map<String, String> environment, boolean isStatic) {
        this.environment = environment;
        this.isStatic = isStatic;
    }

    /** Starts one more, and waits until it has its share of the partitions. */
    void start() {
        start("member-" + started++);
    }

    /** The same with the name of one that has ended, which is its own if it is a static member. */
    void start(String name) {
        Map<String, String> settings = new HashMap<>(environment);
        if (isStatic) {
            settings.put("GROUP_INSTANCE_ID", name);
        }
        Instance next = Orderstream.start(settings, Jdks.own(), Bench.JVM_OPTIONS);
        members.add(new Member(name, next));
        await().atMost(START_PATIENCE).until(next::isAtWork);
    }

    /** Ends the oldest, as Kubernetes does. @return its name */
    String stopOldest() {
        Member oldest = members.remove(0);
        oldest.instance().process().terminate();
        oldest.instance().process().awaitExit(STOP_PATIENCE);
        oldest.instance().close();
        return oldest.name();
    }

    /** Kills the oldest. @return its name */
    String killOldest() {
        Member oldest = members.remove(0);
        oldest.instance().close();
        return oldest.name();
    }

    /** One that runs. */
    Instance any() {
        return members.get(0).instance();
    }

    /** What those that run now have finished. */
    long finished() {
        return members.stream().mapToLong(member -> member.instance().finished()).sum();
    }

    @Override
    public void close() {
        members.forEach(member -> member.instance().close());
    }
}
