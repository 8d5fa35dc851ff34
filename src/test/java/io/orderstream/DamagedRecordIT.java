package io.orderstream;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.BrokerProcess;
import io.orderstream.testsupport.DamagedRecords;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.PackagedApps;
import io.orderstream.testsupport.Scrape;
import io.orderstream.testsupport.TopicClient;

/** A record that was damaged on the broker's disk, so that no poll gets past it. */
@Tag("full")
class DamagedRecordIT {

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM: a killed broker cuts off what is damaged")
    void shouldSayWhichRecordCannotBeFetchedAndGoOnByItselfWhenItIsDeleted(@TempDir Path directory) throws Exception {
        // Given
        BrokerProcess broker = new BrokerProcess(directory, JavaPrograms.FRUGAL).start();
        Map<String, String> settings = new HashMap<>(PackagedApps.ownTopics());
        settings.putAll(Map.of("ORDERS_COUNT", "0", "STUCK_AFTER", "6s"));
        String topic = settings.get("ORDERS_TOPIC");
        try (PackagedApps apps = new PackagedApps(broker); TopicClient topics = new TopicClient(broker.bootstrapServers())) {
            topics.create(topic, 2);
            IntStream.range(0, 4).forEach(number -> write(topics, topic, 0, number));
            broker.stop(true);
            DamagedRecords.make(directory, topic, 0, "record-1");
            broker.start();

            // When
            AppProcess app = apps.start(Jdks.own(), settings);
            OrderApp probes = new OrderApp(app.managementUrl());

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(probes.get("/q/health/ready").toString())
                    .contains("\"DOWN\"", "topic=%s partition=0 offset=1 ".formatted(topic), "cannot be fetched"));
            assertThat(probes.get("/q/health/live").get("status").asText()).isEqualTo("UP");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                    Scrape.of(app).sum("orderstream_oldest_unfinished_age_seconds", "topic", topic, "partition", "0"))
                    .isGreaterThan(6));
            app.awaitLine("consumer fails: channel=orders-in ", PATIENCE);
            write(topics, topic, 1, 5);

            // When
            try (Admin admin = topics.admin()) {
                admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(2))).all().get();
            }

            // Then
            await().atMost(PATIENCE).until(() -> deadLetters(topics, settings) == 4);
            await().atMost(PATIENCE).untilAsserted(
                    () -> assertThat(probes.get("/q/health/ready").get("status").asText()).isEqualTo("UP"));
            assertThat(app.matches("consumer fails: channel=orders-in ")).hasSize(1);
            assertThat(app.matches("consumer works again: channel=orders-in ")).hasSize(1);
        } finally {
            broker.close();
        }
    }

    private static void write(TopicClient topics, String topic, int partition, int number) {
        topics.send(List.of(new ProducerRecord<>(topic, partition, null, ("record-" + number).getBytes(UTF_8))));
    }

    private static int deadLetters(TopicClient topics, Map<String, String> settings) {
        return topics.read(settings.get("ORDERS_DLQ_TOPIC")).size();
    }
}
