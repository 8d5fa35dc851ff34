package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import org.awaitility.core.ConditionTimeoutException;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.TopicClient;

/**
 * Plays scenarios with the packaged application and a broker, each in a JVM of its own, and gathers the evidence: from the
 * topics, the group's commits, and the instances' own answers and output.
 */
final class GuaranteeSuite implements AutoCloseable {

    private static final Path OUTPUT = Path.of("target", "guarantee");
    private static final int PARTITIONS = 6;
    private static final Duration FEED_PATIENCE = Duration.ofMinutes(15);

    private final long seed;
    private final BrokerProcess broker;
    private final PackagedApps apps;
    private final TopicClient topics;

    /**
     * Starts the broker.
     *
     * @param directory where it keeps its data
     * @param seed what is decided by chance follows from it
     */
    GuaranteeSuite(Path directory, long seed) throws IOException {
        this.seed = seed;
        this.broker = new BrokerProcess(directory, JavaPrograms.FRUGAL).start();
        this.apps = new PackagedApps(broker);
        this.topics = new TopicClient(broker.bootstrapServers());
    }

    /** Plays a scenario to its end: all records are written, and the group has had the time to finish them. */
    Evidence play(GuaranteeRun run) {
        long begin = System.nanoTime();
        Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
        settings.put(run.workload().errorRateSetting(), Double.toString(run.errorRate()));
        settings.putAll(run.settings());
        Route route = run.workload().route(settings);
        topics.create(route.topic(), PARTITIONS);
        Random random = new Random(seed);
        Fleet fleet = new Fleet(apps, settings);
        try (RecordFeed feed = new RecordFeed(new TopicClient(broker.bootstrapServers()),
                run.workload().make(route.topic(), apps.registryUrl(), run.records(), random), run.recordsPerSecond(),
                fleet::handled)) {
            feed.start();
            for (int started = 0; started < run.instances(); started++) {
                fleet.join();
            }
            try (HealthWatch health = new HealthWatch(fleet.all().get(0).managementUrl())) {
                Stage stage = new Stage(fleet, broker, health, run.records(), random);
                run.chaos().unleash(stage);
                feed.awaitEnd(FEED_PATIENCE);
                awaitCommits(route);
                Evidence evidence = gather(route, run, stage);
                print(run, evidence, Duration.ofNanos(System.nanoTime() - begin));
                return evidence;
            }
        } finally {
            apps.killAll();
            fleet.writeOutput(OUTPUT, run.name());
        }
    }

    private void awaitCommits(Route route) {
        try {
            await().atMost(PATIENCE).until(
                    () -> topics.committed(route.group()).equals(topics.ends(route.topic())) && notRetried(route).isEmpty());
        } catch (ConditionTimeoutException e) {
            // Which guarantee that breaks, and by how much, is told when they are held against the evidence.
        }
    }

    /** The end of a partition does not tell: the mark of a transaction may stand there. */
    private List<String> notRetried(Route route) {
        if (route.retryTopic() == null) {
            return List.of();
        }
        if (topics.hasOpenTransactions(route.retryTopic())) {
            return List.of("those behind the open transaction of an instance that was killed");
        }
        Map<Integer, Long> committed = topics.committed(route.group() + "-retry");
        return topics.read(route.retryTopic()).stream()
                .filter(record -> record.offset() >= committed.getOrDefault(record.partition(), 0L))
                .map(record -> record.partition() + "-" + record.offset()).toList();
    }

    private Evidence gather(Route route, GuaranteeRun run, Stage stage) {
        Truth truth = truth(run, route.topic());
        awaitCalls(truth, stage.fleet());
        return new Evidence(truth,
                DeadLetter.read(topics, route.dlqTopic()), counted(run.workload(), stage.anyAlive()),
                topics.committed(route.group()), topics.ends(route.topic()), notRetried(route), stage.fleet().all(),
                stage.fleet().calls(), stage.outages(), stage.health().samples());
    }

    /** What is committed was printed before, and read from the output of its instance at any time. */
    private static void awaitCalls(Truth truth, Fleet fleet) {
        try {
            await().atMost(PATIENCE).until(() -> {
                HandlerCalls calls = fleet.calls();
                return truth.records().stream().map(Expected::lastCall).allMatch(calls::contains);
            });
        } catch (ConditionTimeoutException e) {
            // As above.
        }
    }

    private Truth truth(GuaranteeRun run, String topic) {
        SimulatedFaults faults = new SimulatedFaults(run.errorRate());
        return new Truth(topics.read(topic).stream().map(record -> run.workload().expected(record, faults)).toList());
    }

    private static GroupCount counted(Workload workload, Instance instance) {
        OrderApp api = instance.api();
        JsonNode group = await().atMost(PATIENCE).until(() -> api.get(workload.statistics()).get("group"),
                counted -> Objects.nonNull(counted) && !counted.isNull());
        return workload.counted(group);
    }

    private void print(GuaranteeRun run, Evidence evidence, Duration duration) {
        System.out.printf(
                "guarantee: scenario=%s pipeline=%s %s=%d disturbances=%d instances=%d handlerCalls=%d repeated=%d deadLetters=%d "
                        + "repeatedDeadLetters=%d seconds=%d seed=%d%n",
                run.scenario(), run.workload().pipeline(), run.workload().pipeline(), evidence.truth().records().size(),
                run.chaos().count(),
                evidence.instances().size(), evidence.calls().total(), evidence.calls().repeated(),
                evidence.deadLetters().size(),
                evidence.deadLetters().size() - evidence.deadLetters().stream().distinct().count(),
                duration.toSeconds(), seed);
    }

    @Override
    public void close() {
        topics.close();
        apps.close();
    }
}
