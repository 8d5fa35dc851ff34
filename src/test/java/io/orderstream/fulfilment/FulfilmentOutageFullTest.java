package io.orderstream.fulfilment;

import static io.orderstream.testsupport.FulfilmentServer.Reply.of;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.Fulfilment;
import io.orderstream.testsupport.FulfilmentServer.Call;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** An endpoint that is down is waited for: orders are neither lost nor made dead letters. */
@Tag("full")
@QuarkusTest
@TestProfile(PostedOrders.class)
@WithTestResource(KafkaAndRegistry.class)
@WithTestResource(Fulfilment.class)
class FulfilmentOutageFullTest extends FulfilmentFixture {

    @Test
    void shouldWaitForAnEndpointThatIsStoppedAndThenProcessEverything() {
        // Given
        endpoint.stop();

        // When
        List<String> waiting = send(orders("waiting", 30));

        // Then
        awaitOutage("not reached: Connection refused");
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> processed() == processedBefore);
        assertThat(letters(waiting)).isEmpty();

        // And when
        endpoint.start();

        // Then
        awaitProcessed(30);
        await().atMost(PATIENCE).until(() -> outages.now().isEmpty());
        assertThat(waiting).allSatisfy(orderId -> assertThat(endpoint.calls(orderId)).hasSize(1));
        assertThat(letters(waiting)).isEmpty();
    }

    @Test
    void shouldDeadLetterNothingWhileTheEndpointSaysThatItIsUnavailable() {
        // Given
        endpoint.answer(call -> of(503));

        // When
        List<String> waiting = send(orders("alone", 1));

        // Then
        awaitOutage("HTTP 503 Service Unavailable");
        await().atMost(PATIENCE).until(() -> endpoint.calls(waiting.get(0)).size() > 2 * (1 + PostedOrders.MAX_RETRIES));
        assertThat(letters(waiting)).isEmpty();

        // And when
        endpoint.answer(WELL);

        // Then
        awaitProcessed(1);
        assertThat(letters(waiting)).isEmpty();
    }

    @TimedTest
    void shouldMakeNoCallBeforeTheTimeTheEndpointHasAskedFor() {
        // Given
        endpoint.answer(call -> callsLike(call) == 1 ? of(429).with("Retry-After", "2") : of(200));

        // When
        String orderId = send(orders("silencing", 1)).get(0);
        awaitOutage("HTTP 429 Too Many Requests");
        endpoint.answer(WELL);
        send(orders("meanwhile", 20));
        awaitProcessed(21);

        // Then
        long told = endpoint.calls(orderId).get(0).nanos();
        long next = endpoint.calls().stream().mapToLong(Call::nanos).filter(nanos -> nanos > told).min().orElseThrow();
        assertThat(Duration.ofNanos(next - told)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        TooLate.check("the time until the next call", told, next, Duration.ofSeconds(4));
    }
}
