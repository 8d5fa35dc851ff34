package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.orderstream.testsupport.NamedTls;
import io.smallrye.config.SmallRyeConfigBuilder;

class KafkaClientsTest {

    private static final String CHANNEL = "some-channel";

    @ParameterizedTest
    @CsvSource({ "1s,1000,995", "30s,30000,29995", "10m,600000,30000" })
    void shouldGiveOneTryTheDeliveryTimeoutWhateverItWaitsFor(String timeout, int millis, int longestRequest) {
        // When
        ProducerConfig config = producer(timeout, Map.of("retries", "0", "client.id", "kafka-producer-" + CHANNEL));

        // Then
        assertThat(config.getInt("delivery.timeout.ms")).isEqualTo(millis);
        assertThat(config.getLong("max.block.ms")).isEqualTo(millis);
        assertThat(config.getInt("request.timeout.ms")).isEqualTo(longestRequest);
        assertThat(config.getInt("retries")).isEqualTo(Integer.MAX_VALUE);
        assertThat(config.getString("metadata.recovery.strategy")).isEqualTo("none");
        assertThat(config.getString("acks")).isEqualTo("-1");
    }

    @Test
    void shouldKeepAShorterRequestAndALongerLingerWithinTheTry() {
        assertThat(producer("10s", Map.of("request.timeout.ms", "2000")).getInt("request.timeout.ms")).isEqualTo(2000);
        assertThat(producer("10s", Map.of("linger.ms", "4000")).getInt("request.timeout.ms")).isEqualTo(6000);
    }

    @Test
    void shouldTakeADeadLetterOfAnySizeAndGiveEachTryALimit() {
        // When
        ProducerConfig config = producer("1s",
                Map.of("client.id", "kafka-dead-letter-topic-producer-orders-in", "retries", "0"));

        // Then
        assertThat(config.getInt("delivery.timeout.ms")).isEqualTo(60_000);
        assertThat(config.getLong("max.block.ms")).isEqualTo(15_000);
        assertThat(config.getInt("retries")).isEqualTo(Integer.MAX_VALUE);
        assertThat(config.getInt("max.request.size")).isEqualTo(64 * 1024 * 1024);
        assertThat(config.getLong("buffer.memory")).isGreaterThan(config.getInt("max.request.size"));
        assertThat(config.getInt("batch.size")).isZero();
        assertThat(config.getInt("request.timeout.ms")).isEqualTo(30_000);
    }

    @Test
    void shouldReadCommittedRecordsOnlyWhateverAChannelSays() {
        // Given
        Map<String, Object> client = new HashMap<>(Map.of("isolation.level", "read_uncommitted"));

        // Then
        assertThat(
                new KafkaClients(settings("1s"), new KafkaTls(NamedTls.NONE)).customize(CHANNEL,
                        new SmallRyeConfigBuilder().build(), client))
                .containsEntry("isolation.level", "read_committed");
    }

    @Test
    void shouldGiveAPipelineTheRecordsByThePartitionBehindTheInterceptorsOfItsChannel() {
        // Given
        Config pipeline = new SmallRyeConfigBuilder().withDefaultValue("commit-strategy", "totals").build();

        // Then
        assertThat(interceptors(pipeline, Map.of())).singleElement().isInstanceOf(PolledPartition.Interceptor.class);
        assertThat(interceptors(pipeline, Map.of("interceptor.classes", " " + Seeing.class.getName())))
                .satisfiesExactly(first -> assertThat(first).isInstanceOf(Seeing.class),
                        last -> assertThat(last).isInstanceOf(PolledPartition.Interceptor.class));
        assertThat(interceptors(new SmallRyeConfigBuilder().build(), Map.of())).isEmpty();
    }

    @Test
    void shouldLookForHeartbeatsThatAreDueAsOftenAsAChannelSaysOrSeldom() {
        // Given
        KafkaClients clients = new KafkaClients(settings("1s"), new KafkaTls(NamedTls.NONE));
        Map<String, Object> chosen = new HashMap<>(Map.of("retry.backoff.ms", "50"));

        // Then
        assertThat(clients.customize(CHANNEL, new SmallRyeConfigBuilder().build(), new HashMap<>()))
                .containsEntry("retry.backoff.ms", "500");
        assertThat(clients.customize(CHANNEL, new SmallRyeConfigBuilder().build(), chosen))
                .containsEntry("retry.backoff.ms", "50");
    }

    /** Made as Kafka's consumer makes them. */
    private static List<?> interceptors(Config channel, Map<String, Object> properties) {
        Map<String, Object> client = new HashMap<>(properties);
        client.put("key.deserializer", ByteArrayDeserializer.class.getName());
        client.put("value.deserializer", ByteArrayDeserializer.class.getName());
        return new ConsumerConfig(
                new KafkaClients(settings("1s"), new KafkaTls(NamedTls.NONE)).customize(CHANNEL, channel, client))
                .getConfiguredInstances("interceptor.classes", ConsumerInterceptor.class);
    }

    /** An interceptor that somebody has configured. */
    public static final class Seeing implements ConsumerInterceptor<byte[], byte[]> {

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            // nothing to do
        }

        @Override
        public void configure(Map<String, ?> client) {
            // nothing to do
        }

        @Override
        public void close() {
            // nothing to do
        }
    }

    private static KafkaSettings settings(String deliveryTimeout) {
        return new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(KafkaSettings.class)
                .withDefaultValue("orderstream.kafka.delivery-timeout", deliveryTimeout).build()
                .getConfigMapping(KafkaSettings.class);
    }

    /** Kafka's own check of the values is part of it. */
    private static ProducerConfig producer(String deliveryTimeout, Map<String, String> channel) {
        KafkaSettings settings = settings(deliveryTimeout);
        Map<String, Object> client = new HashMap<>(channel);
        client.put("bootstrap.servers", "localhost:9092");
        client.put("key.serializer", ByteArraySerializer.class.getName());
        client.put("value.serializer", ByteArraySerializer.class.getName());
        return new ProducerConfig(new KafkaClients(settings, new KafkaTls(NamedTls.NONE)).customize(CHANNEL, null, client));
    }
}
