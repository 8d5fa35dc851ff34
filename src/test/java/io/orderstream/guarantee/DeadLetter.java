package io.orderstream.guarantee;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.orderstream.testsupport.OrderLedger.Entry;
import io.orderstream.testsupport.TopicClient;

/**
 * A dead letter as it is in its topic.
 *
 * @param order id of the order
 * @param kind why it was given up
 * @param attempts after how many attempts
 */
record DeadLetter(String order, String kind, int attempts) {

    static List<DeadLetter> read(TopicClient topics, String topic) {
        return read(topics, topic, Map.of());
    }

    /** Those from these offsets on, or from the beginning where there is none. */
    static List<DeadLetter> read(TopicClient topics, String topic, Map<Integer, Long> from) {
        return topics.read(topic).stream()
                .filter(letter -> letter.offset() >= from.getOrDefault(letter.partition(), 0L))
                .map(letter -> new DeadLetter(new String(letter.key(), StandardCharsets.UTF_8),
                        TopicClient.header(letter, "dead-letter-kind"),
                        Integer.parseInt(TopicClient.header(letter, "dead-letter-attempts"))))
                .toList();
    }

    /** What an order that is not processed has to become. */
    static DeadLetter of(Entry entry) {
        return new DeadLetter(entry.id(), entry.deadLetterKind(), entry.attempts());
    }
}
