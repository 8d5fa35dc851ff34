package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.OperatorClient;
import io.orderstream.testsupport.SmallDeadLetters;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** Dead letters that the broker refuses: nothing is lost, nothing needs a restart, and the operator is told. */
@Tag("full")
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(SmallDeadLetters.class)
class DeadLetterRefusedFullTest extends OrderPipelineFixture {

    /** Less than a letter has in any form. */
    private static final int NOTHING_FITS = 50;

    @AfterEach
    void mend() {
        try (Admin admin = topics.admin()) {
            get(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all());
        }
        // The right to do so may have come back a moment ago.
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(
                () -> topics.takeRecordsOf(settings.dlqTopic(), SmallDeadLetters.MAX_BYTES));
    }

    @Test
    void shouldKeepOnDiskARecordThatIsTooLargeAsADeadLetterAndRedriveItWhole() {
        // Given
        byte[] large = bytes(SmallDeadLetters.MAX_BYTES * 2);
        String key = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        Headers headers = new RecordHeaders().add("mine", bytes(100));

        // When
        RecordMetadata sent = topics.send(List.of(new ProducerRecord<>(settings.topic(), null, OrderTraffic.key(key), large,
                headers))).get(0);
        ConsumerRecord<byte[], byte[]> letter = traffic.awaitDeadLetter(key);

        // Then
        assertThat(letter.value()).isNull();
        assertThat(letter.headers().lastHeader("mine")).isNull();
        assertThat(TopicClient.header(letter, "dead-letter-kind")).isEqualTo("undecodable");
        assertThat(TopicClient.header(letter, "dead-letter-shortened")).isEqualTo("true");
        assertThat(TopicClient.header(letter, "dead-letter-original-bytes"))
                .isEqualTo(Integer.toString(key.length() + large.length + 104));
        assertThat(Path.of(TopicClient.header(letter, "dead-letter-kept-file"))).isNotEmptyFile();
        JsonNode shown = await().atMost(PATIENCE)
                .until(() -> app.get("/api/dead-letters?key=" + key).at("/0"), JsonNode::isObject);
        assertThat(shown.get("value").isNull()).isTrue();
        assertThat(shown.at("/kept/file").asText()).isEqualTo(TopicClient.header(letter, "dead-letter-kept-file"));
        assertThat(shown.at("/origin/offset").asLong()).isEqualTo(sent.offset());
        assertThat(check("dead letters").get("status").asText()).isEqualTo("UP");

        // When
        OperatorClient operator = new OperatorClient(url, HalfFailing.CREDENTIALS);
        operator.awaitJobsRead(PATIENCE);
        String job = operator.redrive("{\"filter\": {\"key\": \"" + key + "\"}}").text("id");
        await().atMost(PATIENCE).until(() -> operator.job(job).text("state").equals("finished"));

        // Then
        assertThat(operator.job(job).body().path("sent").asInt()).isOne();
        assertThat(topics.read(settings.topic())).filteredOn(record -> record.headers().lastHeader("redrive-id") != null)
                .singleElement().satisfies(record -> {
                    assertThat(record.value()).isEqualTo(large);
                    assertThat(record.headers().lastHeader("mine").value()).isEqualTo(headers.lastHeader("mine").value());
                });
        await().atMost(PATIENCE).until(() -> traffic.deadLetters(key).size() == 2);
    }

    @Test
    void shouldFitARecordThatItsTopicHasTakenCompressed() {
        // Given
        byte[] sparse = new byte[SmallDeadLetters.MAX_BYTES * 100];
        Arrays.fill(sparse, (byte) 7);

        // When
        String key = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);
        topics.send(settings.topic(), OrderTraffic.key(key), sparse);

        // Then
        assertThat(traffic.awaitDeadLetter(key).value()).isEqualTo(sparse);
    }

    @Test
    void shouldGoOnByItselfWhenTheTopicTakesLettersAgain() {
        // Given
        topics.takeRecordsOf(settings.dlqTopic(), NOTHING_FITS);
        String next = HalfFailing.orderWith(fault -> fault.kind() == Kind.NONE);

        // When
        RecordMetadata refused = topics.send(settings.topic(), OrderTraffic.key("refused"), bytes(100));
        topics.send(List.of(new ProducerRecord<>(settings.topic(), refused.partition(), OrderTraffic.key(next),
                traffic.encode(next))));

        // Then
        awaitRefusal(settings.topic() + "-" + refused.partition() + "-" + refused.offset());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handler.callsFor(next)).hasSize(1));
        assertThat(app.get("/q/health/live").get("status").asText()).isEqualTo("UP");
        assertThat(partition(refused.partition()).get("offset").asLong()).isEqualTo(refused.offset());

        // When
        mend();

        // Then
        assertThat(traffic.awaitDeadLetter("refused").value()).hasSize(100);
        awaitMended();
        await().atMost(PATIENCE)
                .until(() -> partition(refused.partition()).get("offset").asLong() > refused.offset() + 1);
    }

    @Test
    void shouldSayWhatIsRefusedOfSeveralLettersOfAPartition() {
        // Given
        topics.takeRecordsOf(settings.dlqTopic(), NOTHING_FITS);

        // When
        topics.send(Stream.of("one", "two", "three")
                .map(key -> new ProducerRecord<>(settings.topic(), 0, OrderTraffic.key(key), bytes(1))).toList());

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(data("dead letters", "orders")).contains("refused=3").contains("larger"));

        // When
        mend();

        // Then
        Stream.of("one", "two", "three").forEach(traffic::awaitDeadLetter);
        awaitMended();
    }

    @Test
    void shouldGoOnByItselfWhenARightIsGivenBackInPlaceAndByTheRetryTopic() {
        // Given
        AclBinding denial = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, settings.dlqTopic(), PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
        String inPlace = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        String retried = HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON);
        try (Admin admin = topics.admin()) {
            get(admin.createAcls(List.of(denial)).all());

            // When
            traffic.send(inPlace);
            topics.send(List.of(traffic.retry(retried, 1, Instant.now())));

            // Then
            await().atMost(PATIENCE).until(() -> data("dead letters", "orders").contains("refused=2"));
            assertThat(data("dead letters", "orders")).containsIgnoringCase("not authorized");
            assertThat(app.get("/q/health/live").get("status").asText()).isEqualTo("UP");

        }

        // When
        mend();

        // Then
        traffic.awaitDeadLetter(inPlace);
        traffic.awaitDeadLetter(retried);
        awaitMended();
    }

    @Test
    void shouldGoOnByItselfWhenTheTopicIsMadeAnewWithFewerPartitions() {
        // Given
        try (Admin admin = topics.admin()) {
            get(admin.deleteTopics(List.of(settings.dlqTopic())).all());
            List<String> poison = Stream.generate(() -> HalfFailing.orderWith(fault -> fault.kind() == Kind.POISON))
                    .limit(SmallDeadLetters.PARTITIONS).toList();

            // When
            poison.forEach(traffic::send);

            // Then
            await().atMost(PATIENCE).until(() -> !data("dead letters", "orders").isEmpty());

            // When
            SmallDeadLetters.create(topics, settings.dlqTopic(), 1);

            // Then
            poison.forEach(traffic::awaitDeadLetter);
            awaitMended();
        }
    }

    private void awaitRefusal(String record) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(data("dead letters", "orders")).contains("refused=1")
                .contains("record=" + record).contains("larger"));
        assertThat(app.get("/q/health/ready").get("status").asText()).isEqualTo("DOWN");
    }

    private void awaitMended() {
        await().atMost(PATIENCE).until(() -> check("dead letters").get("status").asText().equals("UP"));
    }

    private String data(String check, String name) {
        return check(check).path("data").path(name).asText();
    }

    private JsonNode check(String name) {
        return StreamSupport.stream(app.get("/q/health/ready").get("checks").spliterator(), false)
                .filter(check -> check.get("name").asText().equals(name)).findFirst().orElseThrow();
    }

    private JsonNode partition(int number) {
        return StreamSupport.stream(app.stats().get("partitions").spliterator(), false)
                .filter(partition -> partition.get("partition").asInt() == number).findFirst().orElseThrow();
    }

    /** No compression makes them smaller. */
    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static <T> T get(KafkaFuture<T> answer) {
        return answer.toCompletionStage().toCompletableFuture().join();
    }
}
