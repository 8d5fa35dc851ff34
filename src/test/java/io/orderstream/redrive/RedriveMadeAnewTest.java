package io.orderstream.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.DeadLetterFilter;
import io.orderstream.deadletter.DeadLetterFilter.Coordinates;
import io.orderstream.deadletter.DeadLetters;
import io.orderstream.redrive.RedriveJob.State;
import io.orderstream.testsupport.TopicClient;

/** Topics that were deleted and made anew give the positions of old records to new ones. */
class RedriveMadeAnewTest extends RedriveFixture {

    private static final String FIRST = "2026-01-01T00:00:00.001Z";
    private static final String SECOND = "2026-02-01T00:00:00.002Z";

    @Test
    void shouldSendBothRecordsThatHadTheSamePositionOneAfterTheOther() {
        // Given
        topics.send(List.of(letter(FIRST, 1), letter(FIRST, 1), letter(SECOND, 2)));
        RedriveNode node = node(EACH_SECOND);

        // When
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts().skipped()).isEqualTo(Map.of("copies", 1));
        List<ConsumerRecord<byte[], byte[]>> records = topics.read(DeadLetters.TOPIC);
        assertThat(records).extracting(ConsumerRecord::value).containsExactly(value(1), value(2));
        assertThat(records).extracting(record -> TopicClient.header(record, "redrive-origin")).containsOnly("orders-0-7");
        assertThat(records).extracting(record -> TopicClient.header(record, "redrive-origin-timestamp"))
                .containsExactly(FIRST, SECOND);
    }

    @Test
    void shouldSendNothingTwiceThatHasThePositionOfAnother() {
        // Given
        int count = 60;
        topics.send(IntStream.range(0, count)
                .mapToObj(n -> DeadLetters.of(0, 7, "key", value(n), Map.of("dead-letter-original-timestamp", time(n))))
                .toList());
        RedriveNode killed = node(NEVER);
        String id = killed.create(all(20.0));
        awaitSent(20);

        // When
        killed.kill();
        RedriveNode next = node(EACH_SECOND);

        // Then
        assertThat(next.await(id, State.FINISHED).counts().sent()).isEqualTo(count);
        assertThat(topics.read(DeadLetters.TOPIC)).extracting(ConsumerRecord::value)
                .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(RedriveFixture::value).toList());
    }

    @Test
    void shouldNotTakeALetterForRedrivenThatHasThePositionOfOneInATopicMadeAnew() {
        // Given
        RedriveNode node = node(EACH_SECOND);
        topics.send(List.of(letter(FIRST, 1)));
        node.await(node.create(all(null)), State.FINISHED);

        // When
        topics.makeAnew(DeadLetters.DLQ, 3);
        topics.send(List.of(letter(SECOND, 2)));
        RedriveJob job = node.await(node.create(all(null)), State.FINISHED);

        // Then
        assertThat(job.counts().skipped()).isEmpty();
        assertThat(topics.read(DeadLetters.TOPIC)).extracting(ConsumerRecord::value).containsExactly(value(1), value(2));
    }

    @Test
    void shouldNotSendALetterThatHasThePositionOfOneThatWasAskedFor() {
        // Given
        topics.send(List.of(letter(FIRST, 1)));
        topics.send(
                List.of(DeadLetters.of(1, 8, "slow", value(8), Map.of()), DeadLetters.of(1, 9, "slow", value(9), Map.of())));
        RedriveNode node = node(EACH_SECOND);
        DeadLetterFilter slow = new DeadLetterFilter(null, null, null, null, "slow", null, null, null);
        String running = node.create(new RedriveRequest(slow, false, 0.1, 10));
        awaitSent(1);
        DeadLetterFilter asked = new DeadLetterFilter(null, null, null, null, null, null, null,
                List.of(new Coordinates(DeadLetters.DLQ, 0, 0)));
        String queued = node.create(new RedriveRequest(asked, false, null, 10));

        // When
        topics.makeAnew(DeadLetters.DLQ, 3);
        topics.send(List.of(letter(SECOND, 2)));
        node.log.append(running, true);
        RedriveJob job = node.await(queued, State.FINISHED);

        // Then
        assertThat(job.counts().leftOut())
                .containsExactly(new LeftOutDeadLetter(DeadLetters.DLQ, 0, 0, RedriveCounts.NOT_FOUND, null));
        assertThat(topics.read(DeadLetters.TOPIC)).extracting(ConsumerRecord::value).doesNotContain(value(2));
    }

    /** A letter of the record that was at offset 7 at that time. */
    private static ProducerRecord<byte[], byte[]> letter(String at, int value) {
        return DeadLetters.of(0, 7, "key", value(value), Map.of("dead-letter-original-timestamp", at));
    }

    private static String time(int second) {
        return "2026-01-01T00:00:%02dZ".formatted(second);
    }
}
