package io.orderstream.guarantee;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.orderstream.testsupport.TopicClient;

/**
 * A dead letter as it is in its topic.
 *
 * @param record what it was, as {@code topic-partition-offset}
 * @param key its key, null if it has none
 * @param kind why it was given up
 * @param attempts after how many attempts
 */
record DeadLetter(String record, String key, String kind, int attempts) {

    static List<DeadLetter> read(TopicClient topics, String topic) {
        return read(topics, topic, Map.of());
    }

    /** Those from these offsets on, or from the beginning where there is none. */
    static List<DeadLetter> read(TopicClient topics, String topic, Map<Integer, Long> from) {
        return topics.read(topic).stream()
                .filter(letter -> letter.offset() >= from.getOrDefault(letter.partition(), 0L))
                .map(DeadLetter::of).toList();
    }

    private static DeadLetter of(ConsumerRecord<byte[], byte[]> letter) {
        String record = Stream.of("topic", "partition", "offset").map(name -> TopicClient.header(letter, "dead-letter-" + name))
                .collect(Collectors.joining("-"));
        return new DeadLetter(record, letter.key() == null ? null : new String(letter.key(), StandardCharsets.UTF_8),
                TopicClient.header(letter, "dead-letter-kind"),
                Integer.parseInt(TopicClient.header(letter, "dead-letter-attempts")));
    }

    /** What a record that is not processed has to become. */
    static DeadLetter of(Expected record) {
        return new DeadLetter(record.record(), record.key(), record.fate().deadLetterKind(), record.fate().attempts());
    }
}
