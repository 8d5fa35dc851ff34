package io.orderstream.kafka;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.EmbeddedKafka;
import io.orderstream.kafka.RequiredTopics.Purpose;
import io.orderstream.kafka.RequiredTopics.Topic;
import io.orderstream.testsupport.LogLines;

class TopicCreatorTest {

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    /** The creator's, which gives up soon while there is no broker. */
    private Admin admin;
    private Admin patient;

    private record Settings(String bootstrapServers, int partitions, OptionalInt replication, Optional<Duration> retention,
            Duration dlqRetention, Optional<String> groupInstanceId, Duration deliveryTimeout) implements KafkaSettings {
    }

    @BeforeEach
    void connect() {
        kafka = new EmbeddedKafka(0, directory);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers(), "default.api.timeout.ms", "1000",
                "request.timeout.ms", "500"));
        patient = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        admin.close(Duration.ZERO);
        patient.close(Duration.ZERO);
        kafka.close();
    }

    @Test
    void shouldCreateMissingTopicsWithPartitionsAndRetentionOfTheSettings() throws Exception {
        // Given
        kafka.start();

        // When
        creator(3, Optional.of(Duration.ofHours(2))).ready().await().atMost(PATIENCE);

        // Then
        assertThat(partitions("orders")).isEqualTo(3);
        assertThat(partitions("orders-dlq")).isEqualTo(3);
        assertThat(partitions("jobs")).isOne();
        assertThat(config("jobs").get("cleanup.policy").value()).isEqualTo("compact");
        assertThat(config("orders").get("retention.ms").value()).isEqualTo("7200000");
        assertThat(config("orders-dlq").get("retention.ms").value()).isEqualTo("604800000");
        assertThat(Integer.parseInt(config("orders-dlq").get("max.message.bytes").value()))
                .isGreaterThan(Integer.parseInt(config("orders").get("max.message.bytes").value()));
    }

    @Test
    void shouldMakeRoomForTheLargestRecordOfAnySourceAndItsHeaders() throws Exception {
        // Given
        kafka.start();
        patient.createTopics(List.of(new NewTopic("orders", 1, (short) 1).configs(Map.of("max.message.bytes", "20000000"))))
                .all().get();

        // When
        creator(3, Optional.empty()).ready().await().atMost(PATIENCE);

        // Then
        assertThat(Integer.parseInt(config("orders-dlq").get("max.message.bytes").value())).isGreaterThan(20_010_000);
    }

    @Test
    void shouldReportAnExistingTopicThatTakesSmallerRecordsThanItsSources() throws Exception {
        // Given
        kafka.start();
        patient.createTopics(
                List.of(new NewTopic("orders-dlq", 3, (short) 1).configs(Map.of("max.message.bytes", "2000")))).all().get();
        LogLines log = new LogLines(TopicCreator.class);

        // When
        creator(3, Optional.empty()).ready().await().atMost(PATIENCE);
        log.close();

        // Then
        assertThat(log.lines()).anyMatch(line -> line.contains("takes smaller records")
                && line.contains("topic=orders-dlq max.message.bytes=2000 sources=[orders]"));
        assertThat(config("orders-dlq").get("max.message.bytes").value()).isEqualTo("2000");
    }

    @Test
    void shouldReportAnExistingTopicWithFewerPartitionsAndNeverAlterIt() throws Exception {
        // Given
        kafka.start();
        patient.createTopics(List.of(new NewTopic("orders", 1, (short) 1).configs(Map.of("retention.ms", "1234567"))))
                .all().get();

        LogLines log = new LogLines(TopicCreator.class);

        // When
        TopicCreator creator = creator(3, Optional.of(Duration.ofHours(2)));
        creator.ready().await().atMost(PATIENCE);
        log.close();

        // Then
        assertThat(log.lines())
                .anyMatch(line -> line.contains("fewer partitions") && line.endsWith("topic=orders partitions=1 set=3"));
        assertThat(creator.waitingFor()).isNull();
        assertThat(partitions("orders")).isEqualTo(1);
        assertThat(config("orders").get("retention.ms").value()).isEqualTo("1234567");
    }

    @Test
    void shouldWaitForABrokerThatStartsLater() throws Exception {
        // Given
        TopicCreator creator = creator(3, Optional.empty());

        // When
        var ready = creator.ready().subscribeAsCompletionStage();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(creator.waitingFor()).contains("topics cannot be created yet"));
        kafka.start();

        // Then
        ready.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(creator.waitingFor()).isNull();
        assertThat(partitions("orders")).isEqualTo(3);
    }

    private TopicCreator creator(int partitions, Optional<Duration> retention) {
        KafkaSettings settings = new Settings(kafka.bootstrapServers(), partitions, OptionalInt.empty(), retention,
                Duration.ofDays(7), Optional.empty(), Duration.ofSeconds(30));
        return new TopicCreator(admin, settings, new BrokerRefusals(Map.of()),
                List.of(() -> List.of(new Topic("orders", Purpose.RECORDS),
                        new Topic("orders-dlq", Purpose.DEAD_LETTERS, Set.of("orders")), new Topic("jobs", Purpose.STATE))));
    }

    /** The controller answers as soon as a topic is made, the broker may learn of it a moment later. */
    private int partitions(String topic) {
        return await().atMost(PATIENCE).ignoreException(UnknownTopicOrPartitionException.class)
                .until(() -> get(patient.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size(),
                        found -> found > 0);
    }

    private Config config(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return get(patient.describeConfigs(List.of(resource)).all()).get(resource);
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }
}
