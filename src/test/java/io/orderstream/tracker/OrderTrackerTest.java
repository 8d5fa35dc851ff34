package io.orderstream.tracker;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.Lag;
import io.orderstream.testsupport.LoggedRecords;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The item orders, from the request of a client to the totals of users and items. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class OrderTrackerTest {

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    TrackerSettings settings;

    private ApiClient api;

    @BeforeEach
    void connect() {
        api = new ApiClient(url);
        // Orders of the tests before may still be on their way or in work.
        await().atMost(PATIENCE).until(() -> Lag.isNone(stats("")));
    }

    @Test
    void shouldTellOfEachOrderInTheWordsOfTheScripts() {
        // Given
        String order = order(UUID.randomUUID().toString(), "david", "chicken burger", "5");
        try (LoggedRecords log = new LoggedRecords("io.orderstream.tracker")) {
            // When
            Answer answer = api.post("/api/item-orders", order);

            // Then
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
            assertThat(answer.text("topic")).isEqualTo(settings.topic());
            String delivered = "delivered to %s : partition %d : offset %d %s".formatted(settings.topic(),
                    answer.body().get("partition").asInt(), answer.body().get("offset").asLong(), order);
            await().atMost(PATIENCE).until(() -> log.messages().contains(delivered));
            await().atMost(PATIENCE).until(() -> log.messages().contains("Received order: 5 x chicken burger from david"));
        }
    }

    @Test
    void shouldCountOrdersAndPiecesByUserAndByItem() {
        // Given
        String run = UUID.randomUUID().toString().substring(0, 8);
        JsonNode before = api.get("/api/tracker/stats?limit=100").body();

        // When: without a key, as the scripts write them
        topics.send(IntStream.range(0, 60).mapToObj(number -> new ProducerRecord<byte[], byte[]>(settings.topic(),
                order(run + "-" + number, run + "-user-" + number % 3, run + "-item-" + number % 2, "" + (number % 7 + 1))
                        .getBytes(StandardCharsets.UTF_8)))
                .toList());
        await().atMost(PATIENCE).until(() -> stats("").get("orders").asLong() == before.get("orders").asLong() + 60);

        // Then
        JsonNode after = api.get("/api/tracker/stats?limit=100").body();
        assertThat(after.get("quantity").asLong() - before.get("quantity").asLong())
                .isEqualTo(IntStream.range(0, 60).map(number -> number % 7 + 1).sum());
        for (int user = 0; user < 3; user++) {
            int chosen = user;
            JsonNode top = top(after.get("topUsers"), run + "-user-" + user);
            assertThat(top.get("orders").asLong()).isEqualTo(20);
            assertThat(top.get("quantity").asLong()).isEqualTo(
                    IntStream.range(0, 60).filter(number -> number % 3 == chosen).map(number -> number % 7 + 1).sum());
        }
        assertThat(top(after.get("topItems"), run + "-item-0").get("orders").asLong()).isEqualTo(30);

        // And the rest is not lost when fewer are asked for
        JsonNode one = stats("?limit=1");
        assertThat(one.get("topUsers")).hasSize(1);
        assertThat(one.get("topUsers").get(0).get("orders").asLong() + one.get("otherUsers").get("orders").asLong())
                .isEqualTo(one.get("orders").asLong());
        assertThat(one.get("topItems").get(0).get("quantity").asLong() + one.get("otherItems").get("quantity").asLong())
                .isEqualTo(one.get("quantity").asLong());

        // And the group has counted the same when all is committed
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode stats = stats("?limit=100");
            JsonNode group = stats.get("group");
            assertThat(group.get("topUsers")).isEqualTo(stats.get("topUsers"));
            assertThat(group.get("topItems")).isEqualTo(stats.get("topItems"));
            assertThat(group.get("quantity")).isEqualTo(stats.get("quantity"));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"user\":\"u\",\"item\":\"i\",\"quantity\":1} | required property 'order_id' not found",
            "{\"order_id\":\"$ID\",\"user\":\"\",\"item\":\"i\",\"quantity\":1} | /user: must be at least 1 characters long",
            "{\"order_id\":\"$ID\",\"user\":\"u\",\"item\":7,\"quantity\":1} | /item: integer found, string expected",
            "{\"order_id\":\"$ID\",\"user\":\"u\",\"item\":\"i\",\"quantity\":0} | /quantity: must have a minimum value of 1",
            "{\"order_id\":\"$ID\",\"user\":\"u\",\"item\":\"i\",\"quantity\":2.5} | /quantity: number found, integer expected",
            "{\"order_id\":\"$ID\",\"user\":\"u\",\"item\":\"i\",\"quantity\":\"5\"} | /quantity: string found, integer expected",
            "{\"order_id\":\"$ID\",\"user\":\"u\",\"item\":\"i\",\"quantity\":18446744073709551617.0} "
                    + "| /quantity: must have a maximum value of 1000000000",
            "{\"order_id\":\"$ID\",\"user\":\"u\",\"item\":\"i\",\"quantity\":1e400} "
                    + "| /quantity: must have a maximum value of 1000000000",
            "{\"order_id\":\"$ID\",\"user\":\"u\",\"item\":\"i\",\"quantity\":1E+9999999999} "
                    + "| not JSON: a number with an exponent beyond 1000",
            "{\"order_id\":\"$ID\",\"user\":\"\\ud800\",\"item\":\"i\",\"quantity\":1} "
                    + "| not JSON: the escape of a lone surrogate, which is no text in UTF-8",
            "[] | array found, object expected", "five burgers | not JSON: " })
    void shouldGiveUpWhatIsNoOrderWithTheFieldAndTheRuleItBreaks(String text, String reason) {
        // Given
        String id = UUID.randomUUID().toString();
        String value = text.replace("$ID", id);

        // When
        Answer answer = api.post("/api/item-orders", value);
        topics.send(settings.topic(), id.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("message")).startsWith(reason);
        assertThat(answer.body().get("violations")).isNotEmpty();
        ConsumerRecord<byte[], byte[]> letter = await().atMost(PATIENCE).until(() -> letters(id), found -> !found.isEmpty())
                .get(0);
        assertThat(TopicClient.header(letter, "dead-letter-reason")).startsWith(reason);
        assertThat(TopicClient.header(letter, "dead-letter-kind")).isEqualTo("undecodable");
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({ "0000000007026162, it looks like Confluent's wire format (magic byte 0; schema id 7)",
            "feff007b007d, it looks like UTF-16; but JSON is UTF-8",
            "0000007b0000007d, it looks like UTF-32; but JSON is UTF-8",
            "5b22fc225d, invalid UTF-8 at byte 2" })
    void shouldGiveUpBytesThatAreNotUtf8ForWhatTheyAre(String hex, String reason) {
        // Given
        byte[] value = HexFormat.of().parseHex(hex);
        String id = UUID.randomUUID().toString();
        String message = "not JSON: " + reason.replace(';', ',');

        // When
        Answer answer = api.post("/api/item-orders", value, "application/json");
        topics.send(settings.topic(), id.getBytes(StandardCharsets.UTF_8), value);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("message")).isEqualTo(message);
        ConsumerRecord<byte[], byte[]> letter = await().atMost(PATIENCE).until(() -> letters(id), found -> !found.isEmpty())
                .get(0);
        assertThat(TopicClient.header(letter, "dead-letter-reason")).isEqualTo(message);
        assertThat(letter.value()).isEqualTo(value);
    }

    @Test
    void shouldWriteWhatIsPostedWithoutAByteOrderMark() {
        // Given
        String id = UUID.randomUUID().toString();
        String order = order(id, "ü", "i", "1");

        // When
        Answer answer = api.post("/api/item-orders", "\ufeff" + order);

        // Then
        assertThat(answer.status()).isEqualTo(202);
        // Other tests write records without a key.
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        assertThat(topics.read(settings.topic())).filteredOn(record -> Arrays.equals(record.key(), key))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8)).containsExactly(order);
    }

    @ParameterizedTest
    @CsvSource({ "0", "101", "all", "1.5" })
    void shouldRefuseALimitThatIsNone(String limit) {
        // When
        Answer answer = api.get("/api/tracker/stats?limit=" + limit);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo("limit");
        assertThat(answer.text("rule")).isEqualTo("a whole number from 1 to 100");
        assertThat(answer.text("value")).isEqualTo(limit);
    }

    private List<ConsumerRecord<byte[], byte[]>> letters(String key) {
        return topics.read(settings.dlqTopic()).stream()
                .filter(letter -> new String(letter.key(), StandardCharsets.UTF_8).equals(key)).toList();
    }

    private JsonNode stats(String query) {
        return api.get("/api/tracker/stats" + query).body();
    }

    private static JsonNode top(JsonNode tops, String name) {
        for (JsonNode top : tops) {
            if (top.get("name").asText().equals(name)) {
                return top;
            }
        }
        throw new AssertionError("no " + name + " in " + tops);
    }

    private static String order(String id, String user, String item, String quantity) {
        return "{\"order_id\":\"%s\",\"user\":\"%s\",\"item\":\"%s\",\"quantity\":%s}".formatted(id, user, item, quantity);
    }
}
