package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import jakarta.inject.Inject;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.schema.Frames;
import io.orderstream.schema.SchemaRegistration;
import io.orderstream.testsupport.ForeignDeadLetters;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Dead letters of orders in the flat shape, beside letters that are none of orders; an application of its own. */
@Tag("full")
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(value = ForeignDeadLetters.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderLetterShapeFullTest extends OrderPipelineFixture {

    private static final Schema SCRIPT = SchemaBuilder.record("Order").namespace("com.example.orders").fields()
            .requiredInt("order_id").requiredString("product").requiredDouble("price").endRecord();

    @Inject
    SchemaRegistration registration;

    private final String exhausted = HalfFailing
            .orderWith(fault -> fault.kind() == Kind.TRANSIENT && !fault.isProcessedWithin(4));
    private final int poison = IntStream.iterate(1001, id -> id + 1)
            .filter(id -> HalfFailing.FAULTS.of(Integer.toString(id)).kind() == Kind.POISON).findFirst().orElseThrow();

    @BeforeAll
    void makeLetters() {
        connect();
        traffic.send(exhausted);
        int schema = registration.idOf(SCRIPT, List.of("scripts-value")).await().atMost(PATIENCE);
        topics.send(settings.topic(), OrderTraffic.key("script"),
                Frames.frame(schema, SCRIPT, Map.of("order_id", poison, "product", "Toffee", "price", 19.99)));
        topics.send(settings.topic(), OrderTraffic.key("json"), "{\"orderId\": [1]}".getBytes(StandardCharsets.UTF_8));
        topics.create(ForeignDeadLetters.TOPIC, 1);
        awaitLetters(3);
        // Not by this pipeline: one in its topic without any header, an earlier retry's, and one of somebody else's orders.
        topics.send(settings.dlqTopic(), OrderTraffic.key("bare"), traffic.encode("bare"));
        topics.send(List.of(letterFrom(settings.retryTopic(), "retried"), letterFrom("payments", "foreign")));
        awaitLetters(6);
    }

    private void awaitLetters(int letters) {
        await().atMost(PATIENCE).until(() -> app.get("/api/dead-letters").size() == letters);
    }

    private ProducerRecord<byte[], byte[]> letterFrom(String topic, String orderId) {
        return new ProducerRecord<>(ForeignDeadLetters.TOPIC, 0, OrderTraffic.key(orderId), traffic.encode(orderId),
                List.of(header("topic", topic), header("partition", "0"), header("offset", "3"), header("reason", "theirs")));
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader("dead-letter-" + name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldShowALetterInExactlyTheFieldsThatAreExpected() {
        // When
        JsonNode letter = only("key=" + exhausted);

        // Then
        assertThat(letter.fieldNames()).toIterable().containsExactly("order_id", "product", "price", "error_reason",
                "error_timestamp", "retry_count", "original_topic");
        assertThat(letter.get("order_id").textValue()).isEqualTo(exhausted);
        assertThat(letter.get("product").textValue()).isEqualTo("Laptop");
        assertThat(letter.get("price").isNumber()).isTrue();
        assertThat(letter.get("price").asDouble()).isEqualTo(10);
        assertThat(letter.get("error_reason").textValue()).startsWith("simulated fault: attempt 4 of ");
        assertThat(letter.get("error_timestamp").textValue()).endsWith("Z");
        assertThat(Instant.parse(letter.get("error_timestamp").textValue())).isEqualTo(Instant.parse(
                TopicClient.header(traffic.awaitDeadLetter(exhausted), "dead-letter-timestamp")));
        assertThat(letter.get("retry_count").intValue()).isEqualTo(3);
        assertThat(letter.get("original_topic").textValue()).isEqualTo(settings.topic());
    }

    @Test
    void shouldReadAnOrderOfAScriptAsThePipelineDoes() {
        // When
        JsonNode letter = only("key=script");

        // Then
        assertThat(letter.get("order_id").textValue()).isEqualTo(Integer.toString(poison));
        assertThat(letter.get("product").textValue()).isEqualTo("Toffee");
        assertThat(letter.get("price").asText()).isEqualTo("19.99");
        assertThat(letter.get("error_reason").textValue())
                .isEqualTo("simulated poison: order " + poison + " can never succeed");
        assertThat(letter.get("retry_count").intValue()).isZero();
    }

    @Test
    void shouldNotHideALetterWhoseValueIsNoOrder() {
        // When
        JsonNode letter = only("key=json");

        // Then
        assertThat(letter).hasSize(7);
        assertThat(letter.get("order_id").isNull()).isTrue();
        assertThat(letter.get("product").isNull()).isTrue();
        assertThat(letter.get("price").isNull()).isTrue();
        assertThat(letter.get("error_reason").textValue()).startsWith("magic byte is 0x7b");
        assertThat(letter.get("retry_count").intValue()).isZero();
    }

    @Test
    void shouldShowALetterOfTheTopicOfOrdersWithoutAnyHeader() {
        // When
        JsonNode letter = only("key=bare");

        // Then
        assertThat(letter.get("order_id").textValue()).isEqualTo("bare");
        assertThat(letter.get("error_reason").textValue()).isEmpty();
        assertThat(letter.get("retry_count").isNull()).isTrue();
        assertThat(letter.get("original_topic").isNull()).isTrue();
    }

    @Test
    void shouldTellOrdersByWhereTheyWereAtFirstAndLeaveOutAllOthers() {
        assertThat(only("key=retried").get("original_topic").textValue()).isEqualTo(settings.retryTopic());
        assertThat(app.get("/api/dead-letters?key=foreign")).hasSize(1);
        assertThat(records("key=foreign")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "limit=1,1", "limit=4,4", "kind=poison,1", "kind=exhausted,1", "kind=unknown,2", "topic=payments-dlq,1",
            "topic=payments,0", "status=open,5", "status=parked,0", "reason=theirs,1", "since=1h,5",
            "since=2100-01-01T00:00:00Z,0", "until=2026-01-01T00:00:00Z,0" })
    void shouldSelectAsInTheOtherShapeAndCountOrdersOnly(String query, int letters) {
        assertThat(records(query)).hasSize(letters);
    }

    @Test
    void shouldListTheNewestFirst() {
        assertThat(StreamSupport.stream(records("").spliterator(), false)
                .map(letter -> Instant.parse(letter.get("error_timestamp").textValue())).toList()).hasSize(5)
                .isSortedAccordingTo((one, other) -> other.compareTo(one));
    }

    @Test
    void shouldRefuseAnotherShape() throws IOException, InterruptedException {
        // When
        HttpResponse<String> answer = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(url).resolve("/api/dead-letters?shape=flat")).build(),
                HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"shape\"", "\"rule\":\"record, or left out\"", "\"value\":\"flat\"");
    }

    private JsonNode records(String query) {
        return app.get("/api/dead-letters?shape=record&" + query);
    }

    private JsonNode only(String query) {
        JsonNode letters = records(query);
        assertThat(letters).as(query).hasSize(1);
        return letters.get(0);
    }
}
