package io.orderstream.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import io.orderstream.order.RecordingOrderHandler.Call;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** What an instance with RETRY_MODE=topic has left in the retry topic, when the mode is in-place again. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class RetryLeftoverTest extends OrderPipelineFixture {

    @Test
    void shouldRetryInPlaceWithTheAttemptsThatAreLeft() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.failingAttempts() >= 4);

        // When
        topics.send(List.of(traffic.retry(orderId, 2, Instant.now())));

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(orderId);
        assertThat(handler.callsFor(orderId)).extracting(Call::attempt).containsExactly(3, 4);
        assertThat(handler.callsFor(orderId)).extracting(Call::id).containsOnly(settings.topic() + "-0-17.0");
        assertThat(TopicClient.header(letter, "dead-letter-attempts")).isEqualTo("4");
        assertThat(TopicClient.header(letter, "dead-letter-offset")).isEqualTo("17");
        assertThat(TopicClient.header(letter, "dead-letter-original-timestamp")).isEqualTo(Instant.EPOCH.toString());
        assertThat(topics.read(settings.retryTopic())).hasSize(1);
    }
}
