package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.Scrape;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Dead letters of the running pipeline, redriven over HTTP. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class RedriveTest extends OrderPipelineFixture {

    private OperatorClient operator;

    @BeforeEach
    void operate() {
        operator = new OperatorClient(url, HalfFailing.CREDENTIALS);
        operator.awaitJobsRead(PATIENCE);
    }

    @Test
    void shouldComeBackWithFreshHeadersAndAGrowingCountAndBeParkedAfterThree() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        traffic.send(orderId);
        ConsumerRecord<byte[], byte[]> first = traffic.awaitDeadLetter(orderId);
        String origin = settings.topic() + "-" + TopicClient.header(first, "dead-letter-partition") + "-"
                + TopicClient.header(first, "dead-letter-offset");

        for (int count = 1; count <= 3; count++) {
            // When
            JsonNode job = finished(operator.redrive("{\"filter\":{\"key\":\"" + orderId + "\"}}"));
            ConsumerRecord<byte[], byte[]> letter = awaitLetters(orderId, count + 1).get(count);

            // Then
            assertThat(job.get("sent").asInt()).isOne();
            assertThat(Stream.of(letter.headers().toArray()).map(Header::key)).doesNotHaveDuplicates()
                    .contains("dead-letter-reason", "dead-letter-kind", "dead-letter-partition");
            assertThat(TopicClient.header(letter, "redrive-count")).isEqualTo(Integer.toString(count));
            assertThat(TopicClient.header(letter, "redrive-id")).isEqualTo(job.get("id").asText());
            assertThat(TopicClient.header(letter, "redrive-origin")).isEqualTo(origin);
            assertThat(offset(letter)).isGreaterThan(offset(first));
            assertThat(letter.value()).isEqualTo(first.value());
        }

        // When
        JsonNode job = finished(operator.redrive("{\"filter\":{\"key\":\"" + orderId + "\"}}"));

        // Then
        assertThat(job.get("sent").asInt()).isZero();
        assertThat(job.get("skipped").toString()).isEqualTo("{\"parked\":1}");
        assertThat(job.get("parked").get(0).get("topic").asText()).isEqualTo(settings.dlqTopic());
        assertThat(traffic.deadLetters(orderId)).hasSize(4);
    }

    @Test
    void shouldShowADryRunByGroupAndSendOneGroupOnly() {
        // Given
        Instant start = Instant.now();
        List<String> poison = Stream.generate(() -> HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON)).limit(3)
                .toList();
        poison.forEach(traffic::send);
        String broken = "broken-" + UUID.randomUUID();
        topics.send(settings.topic(), OrderTraffic.key(broken), new byte[] { 9, 9, 9 });
        poison.forEach(traffic::awaitDeadLetter);
        traffic.awaitDeadLetter(broken);

        // When
        Answer dryRun = operator.redrive("{\"dryRun\":true,\"filter\":{\"since\":\"" + start + "\"}}");

        // Then
        assertThat(dryRun.status()).isEqualTo(200);
        assertThat(dryRun.body().get("dryRun").asBoolean()).isTrue();
        assertThat(dryRun.body().get("selected").asInt()).isEqualTo(4);
        JsonNode groups = dryRun.body().get("groups");
        assertThat(groups.findValuesAsText("kind")).containsExactly("poison", "undecodable");
        assertThat(groups.findValuesAsText("count")).containsExactly("3", "1");
        JsonNode histogram = dryRun.body().get("histogram");
        assertThat(histogram.findValuesAsText("count").stream().mapToInt(Integer::parseInt).sum()).isEqualTo(4);
        assertThat(Instant.parse(histogram.get(0).get("from").asText())).isBefore(Instant.now());
        assertThat(operator.jobs().body().findValuesAsText("createdAt")).allMatch(at -> Instant.parse(at).isBefore(start));

        // When
        JsonNode job = finished(operator.redrive("{\"filter\":{\"since\":\"" + start + "\",\"reasonGroup\":\""
                + groups.get(1).get("reasonGroup").asText() + "\"}}"));

        // Then
        assertThat(job.get("sent").asInt()).isOne();
        awaitLetters(broken, 2);
        poison.forEach(orderId -> assertThat(records(orderId)).hasSize(1));
    }

    @Test
    void shouldSendTheLettersAskedForByTheirCoordinatesAndNoOther() {
        // Given
        String orderId = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        String other = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        traffic.send(orderId);
        traffic.send(other);
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(orderId);
        traffic.awaitDeadLetter(other);
        Scrape before = Scrape.of(url);
        String request = "{\"filter\":{\"letters\":[{\"topic\":\"%s\",\"partition\":%d,\"offset\":%d}]}}"
                .formatted(letter.topic(), letter.partition(), letter.offset());

        // Then
        assertThat(finished(operator.redrive(request)).get("sent").asInt()).isOne();
        awaitLetters(orderId, 2);
        assertThat(records(other)).hasSize(1);
        assertThat(finished(operator.redrive(request)).get("skipped").toString()).isEqualTo("{\"superseded\":1}");
        Scrape after = Scrape.of(url);
        assertThat(grown(before, after, "orderstream_redrive_sent")).isOne();
        assertThat(grown(before, after, "orderstream_redrive_skipped")).isOne();
        assertThat(grown(before, after, "orderstream_redrive_jobs", "state", "finished")).isEqualTo(2);
    }

    @Test
    void shouldStopAndResumeOverHttpAndNameWhoAskedForIt() {
        // Given
        Instant start = Instant.now();
        List<String> poison = Stream.generate(() -> HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON)).limit(12)
                .toList();
        poison.forEach(traffic::send);
        poison.forEach(traffic::awaitDeadLetter);

        // When
        Answer accepted = operator.redrive("{\"filter\":{\"since\":\"" + start + "\"},\"ratePerSecond\":3}");
        String id = accepted.text("id");
        await().atMost(PATIENCE).until(() -> operator.job(id).body().path("sent").asInt() >= 2);
        assertThat(operator.stop(id).status()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> operator.job(id).text("state").equals("stopped"));

        // Then
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("Location").orElse("")).endsWith("/api/dead-letters/redrive/" + id);
        JsonNode stopped = operator.job(id).body();
        assertThat(stopped.get("by").asText()).isEqualTo("olga");
        assertThat(stopped.get("remaining").asInt()).isPositive().isEqualTo(12 - stopped.get("sent").asInt());
        assertThat(stopped.has("checkpoint")).isFalse();

        // When
        assertThat(operator.resume(id).status()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> operator.job(id).text("state").equals("finished"));

        // Then
        poison.forEach(orderId -> assertThat(records(orderId)).hasSize(2));
        assertThat(operator.stop(id).status()).isEqualTo(409);
        assertThat(operator.jobs().body().get(0).get("id").asText()).isEqualTo(id);
    }

    private static double grown(Scrape before, Scrape after, String metric, String... labels) {
        return after.sum(metric, labels) - before.sum(metric, labels);
    }

    private JsonNode finished(Answer accepted) {
        assertThat(accepted.status()).as(accepted.body().toString()).isEqualTo(202);
        await().atMost(PATIENCE)
                .until(() -> operator.job(accepted.text("id")).text("state").equals("finished"));
        return operator.job(accepted.text("id")).body();
    }

    private List<ConsumerRecord<byte[], byte[]>> awaitLetters(String key, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(traffic.deadLetters(key)).hasSize(count));
        return traffic.deadLetters(key);
    }

    private List<String> records(String key) {
        return StreamSupport.stream(topics.read(settings.topic()).spliterator(), false)
                .map(record -> new String(record.key(), StandardCharsets.UTF_8)).filter(key::equals).toList();
    }

    private static long offset(ConsumerRecord<byte[], byte[]> letter) {
        return Long.parseLong(TopicClient.header(letter, "dead-letter-offset"));
    }
}
