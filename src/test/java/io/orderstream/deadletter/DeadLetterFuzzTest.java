package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.UnaryOperator;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.testsupport.Fuzzed;

/** Headers of the dead-letter topics, which many applications write. */
class DeadLetterFuzzTest {

    private static final long PER_BYTE = 1_000;

    @FuzzTest
    void shouldReadAnyHeaders(byte[] bytes) {
        // Given
        Fuzzed input = new Fuzzed(bytes);
        Headers headers = input.headers();
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("orders-dlq", 0, 7, 1, TimestampType.CREATE_TIME, -1, -1,
                null, null, headers, Optional.empty());

        // When
        DeadLetter letter = input.parse(PER_BYTE, () -> DeadLetter.of(record));
        String reason = input.parse(PER_BYTE, letter::foldedReason);
        KeptHeaders kept = input.parse(PER_BYTE, () -> KeptHeaders.of(headers, UnaryOperator.identity()));

        // Then
        assertThat(Reasons.fold(reason)).isEqualTo(reason);
        assertThat(letter.reasonGroup()).matches("[0-9a-f]{8}");
        assertThat(letter.redriveCount()).isNotNegative();
        assertThat(letter.kind()).isIn(DeadLetter.KINDS);
        assertThat(new DeadLetterFilter(letter.topic(), letter.kind(), letter.reason(), letter.reasonGroup(), null,
                letter.at(), null, null).matches(letter, null)).isTrue();
        assertThat(kept.list().size() + kept.more()).isEqualTo(headers.toArray().length);
        Origin.ofRedriven(headers)
                .ifPresent(origin -> assertThat(Origin.parse(origin.toString())).contains(origin.at(null)));
        assertForms(new ProducerRecord<>("orders-dlq", null, (byte[]) null, null, headers));
    }

    private static void assertForms(ProducerRecord<byte[], byte[]> letter) {
        LetterForm kept = LetterForm.kept(new KeptLetter("host", "/a/file.avro", LetterForm.bytes(letter)));
        DeadLetter read = DeadLetter.of(new ConsumerRecord<>("orders-dlq", 0, 7, 1, TimestampType.CREATE_TIME, -1, -1, null,
                null, kept.of(letter).headers(), Optional.empty()));
        assertThat(read.kept()).isEqualTo(new KeptLetter("host", "/a/file.avro", LetterForm.bytes(letter)));
    }
}
