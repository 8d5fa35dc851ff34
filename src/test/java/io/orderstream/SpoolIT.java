package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.Scrape;
import io.orderstream.testsupport.TopicClient;

/** A generator whose broker goes away: no order is lost, whatever becomes of the application meanwhile. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpoolIT {

    /** What the generator has in memory at the most. */
    private static final int MOST_UNDER_WAY = 4096;

    private BrokerProcess broker;
    private PackagedApps apps;
    private TopicClient topics;
    private Map<String, String> settings;

    @TempDir
    private Path spool;

    @BeforeAll
    void startBrokerAndRegistry(@TempDir Path directory) throws IOException {
        broker = new BrokerProcess(directory, JavaPrograms.FRUGAL).start();
        apps = new PackagedApps(broker);
        topics = new TopicClient(broker.bootstrapServers());
    }

    @BeforeEach
    void haveOwnTopics() {
        settings = new HashMap<>(PackagedApps.ownTopics());
        settings.putAll(Map.of("DELIVERY_TIMEOUT", "1s", "SPOOL_DIRECTORY", spool.toString(), "LOG_LEVEL", "debug",
                "ERROR_SIMULATION_RATE", "0", "ORDERS_ID_START", "1"));
    }

    @AfterEach
    void killWhatStillRuns() {
        apps.killAll();
    }

    @AfterAll
    void stopBrokerAndRegistry() {
        if (apps != null) {
            topics.close();
            apps.close();
        }
    }

    @Test
    void shouldHaveEachSpooledOrderOnceAmongTheDeadLettersAcrossAKill() throws IOException {
        // Given
        AppProcess app = apps.start(Jdks.own(), settings, "ORDERS_INTERVAL=5ms");
        awaitOrders(app, "produced", 200);
        broker.stop(false);
        awaitOrders(app, "spooled", 300);

        // When
        broker.start();
        await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> !app.matches("undeliverable: ").isEmpty());
        app.kill();
        app.awaitExit(PATIENCE);
        long left = spoolFiles();
        restartAndDrain();

        // Then
        List<Long> letters = ids(letters());
        Set<Long> delivered = new TreeSet<>(ids(orders()));
        assertThat(letters).doesNotHaveDuplicates().containsAll(orders(app, "spooled"));
        assertThat(delivered).containsAll(orders(app, "produced"));
        // What was in memory when it was killed is lost, and only that.
        Set<Long> missing = missing(union(letters, delivered));
        assertThat(missing).hasSizeLessThan(MOST_UNDER_WAY);
        System.out.printf("spool across a kill: spooled=%d letters=%d files left at the kill=%d lost from memory=%d%n",
                orders(app, "spooled").size(), letters.size(), left, missing.size());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void shouldLoseNothingWhenItIsStoppedInTheMiddleOfAnOutage() throws IOException {
        // Given
        AppProcess app = apps.start(Jdks.own(), settings, "ORDERS_INTERVAL=1ms");
        awaitOrders(app, "produced", 200);
        broker.stop(false);
        awaitOrders(app, "spooled", 50);
        Scrape outage = Scrape.of(app);
        assertThat(outage.sum("orderstream_spool_records")).isGreaterThan(50);
        assertThat(outage.sum("orderstream_spool_size_bytes")).isGreaterThan(1_000);

        // When
        app.terminate();
        assertThat(app.awaitExit(PATIENCE)).isEqualTo(143);
        broker.start();
        AppProcess next = restartAndDrain();

        // Then
        List<Long> letters = ids(letters());
        Set<Long> delivered = new TreeSet<>(ids(orders()));
        // An entry is deleted before it is counted.
        await().atMost(PATIENCE).untilAsserted(() -> {
            Scrape drained = Scrape.of(next);
            assertThat(drained.sum("orderstream_spool_records")).isZero();
            assertThat(drained.sum("orderstream_records_dead_lettered_total", "kind", "undeliverable"))
                    .isEqualTo(letters.size());
        });
        assertThat(letters).doesNotHaveDuplicates().containsAll(orders(app, "spooled")).hasSizeGreaterThan(100);
        assertThat(missing(union(letters, delivered))).isEmpty();
    }

    @Test
    void shouldMakeNoOrdersWhileTheSpoolIsFullAndGoOnWithoutAGap() {
        // Given
        int count = 400;
        AppProcess app = apps.start(Jdks.own(), settings, "ORDERS_INTERVAL=20ms", "SPOOL_MAX_BYTES=5000",
                "ORDERS_COUNT=" + count);
        awaitOrders(app, "produced", 20);
        broker.stop(false);
        app.awaitLine("ERROR .*spool is full, no further orders are generated: entries=\\d+ bytes=\\d+ "
                + "reason=\"SPOOL_MAX_BYTES=5000\"", PATIENCE);

        // When
        Instant full = Instant.now();
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> app.matches(" ERROR ").size() == 1);
        Instant back = Instant.now();
        broker.start();
        app.awaitLine("INFO .*spool takes entries again", PATIENCE);
        app.awaitLine("generator is done", PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(union(ids(letters()), ids(orders()))).hasSize(count));

        // Then
        assertThat(ids(letters())).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        assertThat(missing(union(ids(letters()), ids(orders())))).isEmpty();
        assertThat(Stream.concat(letters().stream().map(SpoolIT::generatedAt),
                orders().stream().map(order -> Instant.ofEpochMilli(order.timestamp()))))
                .noneMatch(at -> at.isAfter(full) && at.isBefore(back)).anyMatch(at -> at.isAfter(back));
    }

    @Test
    void shouldStopTheStartOfAGeneratorThatCannotHaveItsSpool() throws IOException {
        // Given
        Path file = Files.createFile(spool.resolve("file"));
        AppProcess first = apps.start(Jdks.own(), settings, "ORDERS_INTERVAL=1s");
        first.awaitLine("Listening on", PATIENCE);

        // When
        AppProcess second = apps.start(Jdks.own(), settings);
        AppProcess third = apps.start(Jdks.own(), settings, "SPOOL_DIRECTORY=" + file);
        AppProcess withoutGenerator = apps.start(Jdks.own(), settings, "ORDERS_COUNT=0");

        // Then
        assertThat(second.awaitExit(PATIENCE)).isOne();
        assertThat(second.lines()).last().asString()
                .isEqualTo("SPOOL_DIRECTORY must be a directory no other process uses, but '" + spool + "' is in use.");
        assertThat(third.awaitExit(PATIENCE)).isOne();
        assertThat(third.lines()).last().asString()
                .startsWith("SPOOL_DIRECTORY must be a directory that can be read and written, but '" + file + "' is not: ");
        withoutGenerator.awaitLine("Listening on", PATIENCE);
    }

    private static Instant generatedAt(ConsumerRecord<byte[], byte[]> letter) {
        return Instant.parse(TopicClient.header(letter, DeadLetterHeaders.ORIGINAL_TIMESTAMP));
    }

    private List<ConsumerRecord<byte[], byte[]>> orders() {
        return topics.read(settings.get("ORDERS_TOPIC"));
    }

    private AppProcess restartAndDrain() throws IOException {
        AppProcess next = apps.start(Jdks.own(), settings, "ORDERS_COUNT=0");
        next.awaitLine("Listening on", PATIENCE);
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (Stream<Path> files = Files.list(spool)) {
                assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("spool.lock");
            }
        });
        return next;
    }

    private long spoolFiles() throws IOException {
        try (Stream<Path> files = Files.list(spool)) {
            return files.filter(file -> file.toString().endsWith(".avro")).count();
        }
    }

    private void awaitOrders(AppProcess app, String what, int count) {
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(orders(app, what)).as(() -> what + app.lastLines()).hasSizeGreaterThan(count));
    }

    /** The orders of which the application says so. */
    private static List<Long> orders(AppProcess app, String what) {
        return app.matches(" " + what + ": order=(\\d+)").stream().map(match -> Long.valueOf(match.group(1))).toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> letters() {
        List<ConsumerRecord<byte[], byte[]>> letters = topics.read(settings.get("ORDERS_DLQ_TOPIC"));
        assertThat(letters).extracting(letter -> TopicClient.header(letter, DeadLetterHeaders.SPOOL_ID))
                .doesNotHaveDuplicates();
        assertThat(letters).allSatisfy(letter -> {
            assertThat(TopicClient.header(letter, DeadLetterHeaders.KIND)).isEqualTo("undeliverable");
            assertThat(TopicClient.header(letter, DeadLetterHeaders.TOPIC)).isEqualTo(settings.get("ORDERS_TOPIC"));
        });
        return letters;
    }

    private static List<Long> ids(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> Long.valueOf(new String(record.key(), StandardCharsets.UTF_8))).toList();
    }

    private static TreeSet<Long> union(Collection<Long> some, Collection<Long> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Long> missing(TreeSet<Long> ids) {
        return LongStream.rangeClosed(1, ids.last()).boxed().filter(id -> !ids.contains(id)).collect(Collectors.toSet());
    }
}
