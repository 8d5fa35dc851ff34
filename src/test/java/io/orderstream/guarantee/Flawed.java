package io.orderstream.guarantee;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Marks records that were made so that nobody can read them, for whoever tells later what has to become of them: in a header,
 * which the application does not know.
 */
final class Flawed {

    private static final String HEADER = "flawed";

    private Flawed() {
    }

    /** @param name under which it has to be counted, empty if under none */
    static void mark(ProducerRecord<byte[], byte[]> record, String name) {
        record.headers().add(HEADER, name.getBytes(StandardCharsets.UTF_8));
    }

    /** The name it was marked with, empty if it was not. */
    static Optional<String> name(ConsumerRecord<byte[], byte[]> record) {
        Header mark = record.headers().lastHeader(HEADER);
        return mark == null ? Optional.empty() : Optional.of(new String(mark.value(), StandardCharsets.UTF_8));
    }
}
