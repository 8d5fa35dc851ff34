package io.orderstream.order;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import io.orderstream.testsupport.ForeignDeadLetters;

/** Dead letters of another application, which has payments. */
final class PaymentLetters {

    static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    private PaymentLetters() {
    }

    /** A letter as any application with SmallRye writes it. */
    static ProducerRecord<byte[], byte[]> refused(int number) {
        return new ProducerRecord<>(ForeignDeadLetters.TOPIC, 0, LONG_AGO.toEpochMilli(), OrderTraffic.key("p-" + number), null,
                headers(Map.of("dead-letter-exception-class-name", "com.acme.Refused", "dead-letter-reason",
                        "payment " + number + " refused", "dead-letter-topic", "payments", "dead-letter-partition", "0",
                        "dead-letter-offset", Integer.toString(number))));
    }

    /** The letter of a payment that was redriven so often, and failed as another record each time. */
    static ProducerRecord<byte[], byte[]> again(int redrives, int offset) {
        List<Header> headers = new ArrayList<>(headers(Map.of("dead-letter-reason", "gave up at " + offset,
                "dead-letter-kind", "exhausted", "dead-letter-topic", "payments", "dead-letter-partition", "0",
                "dead-letter-offset", Integer.toString(offset), "dead-letter-timestamp",
                LONG_AGO.plusSeconds(3_600 + offset).toString())));
        if (redrives > 0) {
            headers.addAll(headers(Map.of("redrive-count", Integer.toString(redrives), "redrive-id", "a-job", "redrive-origin",
                    "payments-0-20")));
        }
        return new ProducerRecord<>(ForeignDeadLetters.TOPIC, 0, OrderTraffic.key("again"), new byte[20_000], headers);
    }

    private static List<Header> headers(Map<String, String> texts) {
        return texts.entrySet().stream().map(text -> (Header) new RecordHeader(text.getKey(),
                text.getValue().getBytes(StandardCharsets.UTF_8))).toList();
    }
}
