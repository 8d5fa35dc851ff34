package io.orderstream.fulfilment;

import static io.orderstream.testsupport.FulfilmentServer.Reply.of;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.order.Order;
import io.orderstream.order.OrderTraffic;
import io.orderstream.testsupport.Fulfilment;
import io.orderstream.testsupport.FulfilmentServer.Call;
import io.orderstream.testsupport.FulfilmentServer.Ending;
import io.orderstream.testsupport.FulfilmentServer.Reply;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Orders from Kafka to an endpoint that takes them, refuses them and fails. */
@Tag("full")
@QuarkusTest
@TestProfile(PostedOrders.class)
@WithTestResource(KafkaAndRegistry.class)
@WithTestResource(Fulfilment.class)
class FulfilmentPipelineFullTest extends FulfilmentFixture {

    @Test
    void shouldPostEachOrderOnceWithItsKeyAndItsExactPrice() {
        // Given
        String run = UUID.randomUUID().toString();
        List<Float> prices = List.of(12.34f, 0.1f, 9999.99f, 10f, 0f, 131_071.99f, -5.55f);
        List<String> json = List.of("12.34", "0.10", "9999.99", "10.00", "0.00", "131071.99", "-5.55");

        // When
        List<RecordMetadata> sent = IntStream.range(0, prices.size()).mapToObj(number -> {
            byte[] bytes = format.encoder().await().atMost(PATIENCE)
                    .encode(new Order(run + number, "Laptop \"13\u2033\"", prices.get(number)));
            return topics.send(settings.topic(), OrderTraffic.key(run + number), bytes);
        }).toList();
        awaitProcessed(prices.size());

        // Then
        for (int i = 0; i < sent.size(); i++) {
            RecordMetadata at = sent.get(i);
            assertThat(endpoint.calls(run + i)).singleElement().satisfies(call -> {
                assertThat(call.idempotencyKey()).isEqualTo(
                        at.topic() + "-" + at.partition() + "-" + at.offset() + "." + at.timestamp());
                assertThat(call.contentType()).startsWith("application/json");
                assertThat(call.traceparent()).as("tracing is off").isNull();
            });
            assertThat(endpoint.calls(run + i).get(0).body()).isEqualTo("{\"orderId\":\"" + run + i
                    + "\",\"product\":\"Laptop \\\"13\u2033\\\"\",\"price\":" + json.get(i) + "}");
        }
    }

    @Test
    void shouldDeadLetterWhatIsRefusedAfterOneAttempt() {
        // Given
        endpoint.answer(call -> of(400).saying("no such product"));

        // When
        String orderId = send(orders("refused", 1)).get(0);

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(orderId);
        assertThat(header(letter, "kind", "attempts", "reason")).containsExactly("poison", "1",
                "HTTP 400 Bad Request: no such product");
        assertThat(endpoint.calls(orderId)).hasSize(1);
    }

    @Test
    void shouldPostAnOrderAgainWithTheSameKeyWhenItHasFailed() {
        // Given
        endpoint.answer(call -> of(callsLike(call) == 1 ? 500 : 201));

        // When
        String orderId = send(orders("again", 1)).get(0);
        awaitProcessed(1);

        // Then
        assertThat(endpoint.calls(orderId)).hasSize(2).extracting(Call::idempotencyKey).doesNotContainNull()
                .containsOnly(endpoint.calls(orderId).get(0).idempotencyKey());
    }

    @Test
    void shouldDeadLetterAnOrderThatAlwaysFailsWhileOthersDoNot() {
        // Given
        endpoint.answer(call -> of(call.body().contains("failing") ? 500 : 200));

        // When
        String failing = send(orders("failing", 1)).get(0);
        send(orders("other", 50));

        // Then
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(failing);
        assertThat(header(letter, "kind", "attempts", "reason")).containsExactly("exhausted",
                Integer.toString(1 + PostedOrders.MAX_RETRIES), "HTTP 500 Internal Server Error");
        assertThat(endpoint.calls(failing)).hasSize(1 + PostedOrders.MAX_RETRIES);
        awaitProcessed(50);
        assertThat(outagesOfTheEndpoint()).isEmpty();
    }

    @TimedTest
    void shouldCountAnAnswerThatIsLateOrBrokenAsAFailedAttempt() {
        // Given
        List<Reply> replies = List.of(of(200).after(PostedOrders.TIMEOUT.multipliedBy(4)), of(200).but(Ending.CUT_OFF),
                of(200));
        endpoint.answer(call -> replies.get(callsLike(call) - 1));

        // When
        String orderId = send(orders("slow", 1)).get(0);
        awaitProcessed(1);

        // Then
        List<Call> calls = endpoint.calls(orderId);
        assertThat(calls).hasSize(3);
        Duration waited = Duration.ofNanos(calls.get(1).nanos() - calls.get(0).nanos());
        assertThat(waited).isGreaterThanOrEqualTo(PostedOrders.TIMEOUT);
        assertThat(outagesOfTheEndpoint()).isEmpty();
        TooLate.check("the wait for an answer", calls.get(0).nanos(), calls.get(1).nanos(),
                PostedOrders.TIMEOUT.plusMillis(2_500));
    }
}
