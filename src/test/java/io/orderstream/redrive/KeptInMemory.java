package io.orderstream.redrive;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.KeptLetter;
import io.orderstream.deadletter.KeptLetters;
import io.orderstream.deadletter.LetterForm;

/** Keeps letters without a disk. */
final class KeptInMemory implements KeptLetters {

    private final Map<String, ProducerRecord<byte[], byte[]>> letters = new ConcurrentHashMap<>();

    @Override
    public KeptLetter keep(ProducerRecord<byte[], byte[]> letter) {
        String file = "/kept/" + letters.size();
        letters.put(file, letter);
        return new KeptLetter("here", file, LetterForm.bytes(letter));
    }

    @Override
    public Optional<ConsumerRecord<byte[], byte[]>> whole(ConsumerRecord<byte[], byte[]> letter) {
        KeptLetter kept = DeadLetter.of(letter).kept();
        if (kept == null) {
            return Optional.of(letter);
        }
        return Optional.ofNullable(letters.get(kept.file())).map(whole -> new ConsumerRecord<>(letter.topic(),
                letter.partition(), letter.offset(), letter.timestamp(), letter.timestampType(), ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE, whole.key(), whole.value(), whole.headers(), Optional.empty()));
    }
}
