package io.orderstream.redrive;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;
import io.orderstream.testsupport.TopicClient;

/** Dead letters understood and sent back, through a stop and a {@code kill -9}, by the packaged application. */
@Tag("full")
class RedriveIT {

    private static final int RATE = 75;

    private RedriveStage stage;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        stage = new RedriveStage(directory);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @TimedTest
    void shouldSendEachLetterOfAGroupOnceThoughItIsStoppedAndKilledInBetween() {
        // Given 1,000 letters of three kinds in two topics
        Workload workload = stage.workload();
        List<ProducerRecord<byte[], byte[]>> poison = workload.poison(300);
        stage.topics.send(poison);
        stage.topics.send(workload.exhausted(300));
        stage.topics.send(workload.undecodable(200));
        stage.topics.send(workload.processed(150));
        List<ProducerRecord<byte[], byte[]>> foreign = foreignLetters("poison", "order abc-# failed", 120);
        stage.topics.send(foreign);
        stage.topics.send(foreignLetters("undecodable", "# bytes left", 80));
        stage.awaitGroup(950);
        JsonNode summary = awaitOriginals(1_000);
        assertThatSummaryIsExact(summary);

        // When one group is redriven, stopped, resumed and killed
        String group = groupOf(summary, "simulated poison: order <id> can never succeed");
        String id = stage.operator().redrive("""
                {"filter": {"reasonGroup": "%s"}, "ratePerSecond": %d}""".formatted(group, RATE)).body().get("id").asText();
        stage.awaitJob(id, job -> job.path("sent").asInt() >= 120);
        stage.operator().stop(id);
        int sentWhenStopped = stage.awaitState(id, "stopped").get("sent").asInt();
        List<ConsumerRecord<byte[], byte[]>> firstPart = stage.redriven(stage.ordersTopic(), id);
        stage.operator().resume(id);
        stage.awaitJob(id, job -> job.path("sent").asInt() >= 200);
        stage.killApplication();
        int sentWhenKilled = stage.redriven(stage.ordersTopic(), id).size();
        stage.startApplication();
        JsonNode job = stage.awaitState(id, "finished");

        // Then each was sent once, in order, as it was, and nothing else
        assertThat(firstPart).hasSize(sentWhenStopped).hasSizeGreaterThanOrEqualTo(120);
        assertThat(sentWhenKilled).isGreaterThanOrEqualTo(200);
        assertThat(job.get("selected").asInt()).isEqualTo(300);
        assertThat(job.get("sent").asInt()).isEqualTo(300);
        assertThat(job.get("by").asText()).isEqualTo("olga");
        List<ConsumerRecord<byte[], byte[]>> sent = stage.redriven(stage.ordersTopic(), id);
        assertThatTheseWereSentOnce(sent, poison);
        assertThat(rate(firstPart)).isLessThanOrEqualTo(RATE * 1.1);
        assertThat(stage.topics.read(stage.foreignTopic())).isEmpty();

        // And all have come back, and the totals are those of the topic itself
        JsonNode totals = stage.awaitGroup(1_250);
        assertThat(totals.get("received").asLong()).isEqualTo(1_250);
        assertThat(totals.get("deadLettered").asLong()).isEqualTo(1_100);
        assertThat(OrderApp.cents(totals.get("revenue"))).isEqualTo(150L * Workload.CENTS);
        int letters = stage.topics.read(stage.ordersDlq()).size() + 200;
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(stage.summary().get("letters").asInt()).isEqualTo(letters));
        assertThat(stage.summary().get("originals").asInt()).isEqualTo(1_000);
        JsonNode comeBack = stage.letters("?reasonGroup=" + group + "&limit=1000");
        assertThat(comeBack).hasSize(300).allSatisfy(letter -> assertThat(letter.get("redriveCount").asInt()).isOne())
                .allSatisfy(letter -> assertThat(letter.get("history")).hasSize(2));
        // What was in work at the kill may have been given up twice, and is shown as a copy
        assertThat(comeBack.findValues("copies").stream().mapToInt(JsonNode::asInt).sum()).isEqualTo(letters - 1_300);

        // And those of another application go where they came from
        assertThatTheForeignLettersGoToTheirOwnTopic(foreign);

        // And all that was in time
        if (firstPart.size() == 300 || sentWhenKilled == 300) {
            throw new TooLate("the job was done before it was stopped or killed");
        }
        if (rate(firstPart) < RATE * 0.9) {
            throw new TooLate(rate(firstPart) + " letters a second instead of " + RATE);
        }
    }

    @Test
    void shouldParkALetterThatHasComeBackThreeTimes() {
        // Given
        stage.topics.send(stage.workload().poison(20));
        stage.awaitGroup(20);
        awaitOriginals(20);

        // When
        for (int round = 1; round <= 3; round++) {
            String id = redriveAll();
            assertThat(stage.awaitState(id, "finished").get("sent").asInt()).as("round " + round).isEqualTo(20);
            int finished = 20 * (round + 1);
            stage.awaitGroup(finished);
            int count = round;
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage.letters("")).hasSize(20)
                    .allSatisfy(letter -> assertThat(letter.get("redriveCount").asInt()).isEqualTo(count)));
        }
        JsonNode fourth = stage.awaitState(redriveAll(), "finished");

        // Then
        assertThat(fourth.get("sent").asInt()).isZero();
        assertThat(fourth.get("skipped").get("parked").asInt()).isEqualTo(20);
        assertThat(fourth.get("parked")).hasSize(20);
        assertThat(stage.letters("?status=parked")).hasSize(20);
        assertThat(stage.topics.read(stage.ordersDlq())).hasSize(80).allSatisfy(RedriveIT::assertThatEachHeaderIsThereOnce);
        assertThat(stage.awaitGroup(80).get("deadLettered").asLong()).isEqualTo(80);
    }

    private void assertThatTheForeignLettersGoToTheirOwnTopic(List<ProducerRecord<byte[], byte[]>> foreign) {
        String filter = "\"filter\": {\"topic\": \"%s\", \"kind\": \"poison\"}".formatted(stage.foreignDlq());
        JsonNode dryRun = stage.operator().redrive("{" + filter + ", \"dryRun\": true}").body();
        assertThat(dryRun.get("selected").asInt()).isEqualTo(120);
        assertThat(dryRun.get("groups")).singleElement().satisfies(group -> {
            assertThat(group.get("count").asInt()).isEqualTo(120);
            assertThat(group.get("reason").asText()).isEqualTo("order <id> failed");
        });
        stage.awaitState(stage.operator().redrive("{" + filter + "}").body().get("id").asText(), "finished");
        List<ConsumerRecord<byte[], byte[]>> sent = stage.topics.read(stage.foreignTopic());
        assertThatTheseWereSentOnce(sent, foreign);
        assertThat(sent).allSatisfy(record -> assertThat(TopicClient.header(record, "trace")).startsWith("t-"));
    }

    private List<ProducerRecord<byte[], byte[]>> foreignLetters(String kind, String reason, int number) {
        return Workload.foreignLetters(stage.foreignDlq(), stage.foreignTopic(), 2, kind, reason, number);
    }

    private String redriveAll() {
        return stage.operator().redrive("{\"filter\": {}}").body().get("id").asText();
    }

    private JsonNode awaitOriginals(int number) {
        return await().atMost(PATIENCE).until(() -> stage.summary(),
                summary -> summary.get("complete").asBoolean() && summary.get("originals").asInt() == number);
    }

    private void assertThatSummaryIsExact(JsonNode summary) {
        assertThat(summary.get("letters").asInt()).isEqualTo(1_000);
        assertThat(summary.get("kinds").toString())
                .isEqualTo("{\"exhausted\":300,\"poison\":420,\"undecodable\":280,\"undeliverable\":0,\"unknown\":0}");
        assertThat(groups(summary)).containsExactlyInAnyOrder(
                "poison 300 simulated poison: order <id> can never succeed {" + count(stage.ordersDlq(), 300) + "}",
                "exhausted 300 simulated fault: attempt <n> of <n> that fail for order <id> {" + count(stage.ordersDlq(), 300)
                        + "}",
                "undecodable 200 magic byte is <id>, expected <id>: not Confluent's framing, perhaps bare Avro {"
                        + count(stage.ordersDlq(), 200) + "}",
                "poison 120 order <id> failed {" + count(stage.foreignDlq(), 120) + "}",
                "undecodable 80 <n> bytes left {" + count(stage.foreignDlq(), 80) + "}");
    }

    private static String count(String topic, int number) {
        return "\"" + topic + "\":" + number;
    }

    private static List<String> groups(JsonNode summary) {
        return StreamSupport.stream(summary.get("groups").spliterator(), false)
                .map(group -> group.get("kind").asText() + " " + group.get("count").asInt() + " " + group.get("reason").asText()
                        + " " + group.get("topics"))
                .toList();
    }

    private static String groupOf(JsonNode summary, String reason) {
        return StreamSupport.stream(summary.get("groups").spliterator(), false)
                .filter(group -> group.get("reason").asText().equals(reason)).findFirst().orElseThrow().get("reasonGroup")
                .asText();
    }

    private static void assertThatTheseWereSentOnce(List<ConsumerRecord<byte[], byte[]>> sent,
            List<ProducerRecord<byte[], byte[]>> expected) {
        assertThat(sent.stream().map(record -> pair(record.key(), record.value())))
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(record -> pair(record.key(), record.value())).toList());
        assertThat(sent).extracting(record -> TopicClient.header(record, "redrive-origin")).doesNotHaveDuplicates();
        assertThat(sent).allSatisfy(record -> {
            assertThat(TopicClient.header(record, "redrive-count")).isEqualTo("1");
            assertThat(record.headers()).extracting(Header::key).noneMatch(name -> name.startsWith("dead-letter-"));
        });
        // In each partition the originals' offsets ascend
        sent.stream().collect(Collectors.groupingBy(ConsumerRecord::partition)).values().forEach(
                records -> assertThat(records).extracting(RedriveIT::originOffset).isSorted());
    }

    private static long originOffset(ConsumerRecord<byte[], byte[]> record) {
        String origin = TopicClient.header(record, "redrive-origin");
        return Long.parseLong(origin.substring(origin.lastIndexOf('-') + 1));
    }

    private static String pair(byte[] key, byte[] value) {
        return new String(key, StandardCharsets.UTF_8) + "=" + Arrays.toString(value);
    }

    /** From the first to the last of a part that was not interrupted, by the times the producer gave them. */
    private static double rate(List<ConsumerRecord<byte[], byte[]>> part) {
        LongSummaryStatistics times = part.stream().mapToLong(ConsumerRecord::timestamp).summaryStatistics();
        return (part.size() - 1) * 1000.0 / (times.getMax() - times.getMin());
    }

    private static void assertThatEachHeaderIsThereOnce(ConsumerRecord<byte[], byte[]> letter) {
        assertThat(Stream.of(letter.headers().toArray()).map(Header::key)).doesNotHaveDuplicates();
    }
}
