package io.orderstream.kafka;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.support.Standstill;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.smallrye.config.SmallRyeConfigBuilder;

class BrokerWatchTest {

    @TempDir
    Path directory;

    private final List<Optional<BrokerAbsence>> told = new CopyOnWriteArrayList<>();
    private EmbeddedKafka kafka;
    private Admin admin;
    private BrokerWatch watch;

    @BeforeEach
    void watch() {
        kafka = new EmbeddedKafka(0, directory);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers(), "reconnect.backoff.max.ms", "500"));
        watch = watch(new Standstill(() -> 0));
        watch.onAnswer(told::add);
    }

    private BrokerWatch watch(Standstill standstill) {
        return new BrokerWatch(admin, new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(KafkaSettings.class)
                .withDefaultValue("orderstream.kafka.bootstrap-servers", kafka.bootstrapServers()).build()
                .getConfigMapping(KafkaSettings.class), standstill, new BrokerRefusals(Map.of()));
    }

    @AfterEach
    void stop() {
        watch.stop(null);
        admin.close(Duration.ZERO);
        kafka.close();
    }

    @Test
    void shouldNoticeABrokerThatWasNeverThereAndThatItComes() {
        // When
        watch.start(null);

        // Then
        await().atMost(PATIENCE).until(() -> watch.absence().isPresent());
        assertThat(watch.absence().orElseThrow().reason())
                .isEqualTo("the broker at " + kafka.bootstrapServers() + " does not answer within 2 s");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).last().isEqualTo(watch.absence()));

        // When
        kafka.start();

        // Then
        await().atMost(PATIENCE).until(() -> watch.brokers() == 1);
        assertThat(watch.absence()).isEmpty();
        await().atMost(PATIENCE).until(() -> told.get(told.size() - 1).isEmpty());
    }

    @Test
    void shouldKnowNothingOfTheBrokerFromARequestDuringWhichItDidNotRunItself() {
        // Given
        AtomicLong nanos = new AtomicLong();
        BrokerWatch stood = watch(new Standstill(nanos::get));
        CompletableFuture<Void> known = stood.known().subscribeAsCompletionStage();
        BrokerWatch.Answer refused = new BrokerWatch.Answer(List.of(), new TimeoutException(), nanos.get());

        // When
        nanos.set(Duration.ofSeconds(16).toNanos());
        stood.note(refused);
        boolean wasKnown = known.isDone();
        stood.note(new BrokerWatch.Answer(List.of(), new TimeoutException(), nanos.get()));

        // Then
        assertThat(wasKnown).isFalse();
        assertThat(known).isCompleted();
        assertThat(stood.absence()).isPresent();
    }

    @TimedTest
    void shouldNoticeWithinSecondsThatTheBrokerGoes() {
        // Given
        kafka.start();
        watch.start(null);
        await().atMost(PATIENCE).until(() -> watch.presentFor().compareTo(Duration.ZERO) > 0);

        // When
        kafka.close();
        long gone = System.nanoTime();

        // Then
        await().atMost(PATIENCE).until(() -> watch.absence().isPresent());
        assertThat(watch.presentFor()).isZero();
        TooLate.check("to notice it", Duration.ofNanos(System.nanoTime() - gone), Duration.ofSeconds(5));
    }

    @Tag("full")
    @Test
    void shouldNotAskAnyMoreWhenStopped() {
        // Given
        watch.start(null);
        await().atMost(PATIENCE).until(() -> !told.isEmpty());

        // When
        watch.stop(null);
        int before = told.size();

        // Then
        await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> told.size() == before);
    }
}
