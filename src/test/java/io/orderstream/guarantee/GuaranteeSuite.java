package io.orderstream.guarantee;

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

import io.orderstream.average.Totals;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.OrderLedger;
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
    private static final Duration CATCH_UP_PATIENCE = Duration.ofSeconds(90);

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

    /** Plays a scenario to its end: all orders are written, and the group has had the time to finish them. */
    Evidence play(GuaranteeRun run) {
        long begin = System.nanoTime();
        Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
        settings.put("ERROR_SIMULATION_RATE", Double.toString(run.errorRate()));
        settings.putAll(run.settings());
        String topic = settings.get("ORDERS_TOPIC");
        topics.create(topic, PARTITIONS);
        Random random = new Random(seed);
        Fleet fleet = new Fleet(apps, settings);
        try (OrderFeed feed = new OrderFeed(new TopicClient(broker.bootstrapServers()),
                new SeededOrders(topic, apps.registryUrl()).make(run.orders(), random), run.ordersPerSecond(),
                fleet::handled)) {
            feed.start();
            for (int started = 0; started < run.instances(); started++) {
                fleet.join();
            }
            try (HealthWatch health = new HealthWatch(fleet.all().get(0).managementUrl())) {
                Stage stage = new Stage(fleet, broker, health, run.orders(), random);
                run.chaos().unleash(stage);
                feed.awaitEnd(FEED_PATIENCE);
                awaitCommits(settings);
                Evidence evidence = gather(settings, run, stage);
                print(run, evidence, Duration.ofNanos(System.nanoTime() - begin));
                return evidence;
            }
        } finally {
            apps.killAll();
            fleet.writeOutput(OUTPUT, run.scenario());
        }
    }

    private void awaitCommits(Map<String, String> settings) {
        try {
            await().atMost(CATCH_UP_PATIENCE).until(
                    () -> apps.committedOffsets(settings).equals(topics.ends(settings.get("ORDERS_TOPIC")))
                            && notRetried(settings).isEmpty());
        } catch (ConditionTimeoutException e) {
            // Which guarantee that breaks, and by how much, is told when they are held against the evidence.
        }
    }

    /** The end of a partition does not tell: the mark of a transaction may stand there. */
    private List<String> notRetried(Map<String, String> settings) {
        if (topics.hasOpenTransactions(settings.get("ORDERS_RETRY_TOPIC"))) {
            return List.of("those behind the open transaction of an instance that was killed");
        }
        Map<Integer, Long> committed = topics.committed(settings.get("CONSUMER_GROUP_ID") + "-retry");
        return topics.read(settings.get("ORDERS_RETRY_TOPIC")).stream()
                .filter(record -> record.offset() >= committed.getOrDefault(record.partition(), 0L))
                .map(record -> record.partition() + "-" + record.offset()).toList();
    }

    private Evidence gather(Map<String, String> settings, GuaranteeRun run, Stage stage) {
        String topic = settings.get("ORDERS_TOPIC");
        return new Evidence(topic, OrderLedger.of(topics, topic, run.errorRate()),
                DeadLetter.read(topics, settings.get("ORDERS_DLQ_TOPIC")), groupTotals(stage.anyAlive()),
                apps.committedOffsets(settings), topics.ends(topic), notRetried(settings), stage.fleet().all(),
                stage.fleet().calls(),
                stage.outages(), stage.health().samples());
    }

    private static Totals groupTotals(Instance instance) {
        OrderApp api = instance.api();
        JsonNode group = await().atMost(Stage.PATIENCE).until(() -> api.stats().get("group"),
                totals -> Objects.nonNull(totals) && !totals.isNull());
        return new Totals(group.get("received").asLong(), group.get("processed").asLong(), group.get("deadLettered").asLong(),
                OrderApp.cents(group.get("revenue")));
    }

    private void print(GuaranteeRun run, Evidence evidence, Duration duration) {
        System.out.printf(
                "guarantee: scenario=%s orders=%d disturbances=%d instances=%d handlerCalls=%d repeated=%d deadLetters=%d "
                        + "repeatedDeadLetters=%d seconds=%d seed=%d%n",
                run.scenario(), evidence.orders().entries().size(), run.chaos().count(),
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
