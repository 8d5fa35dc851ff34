package io.orderstream.guarantee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.pipeline.SimulatedFaults;

/** Records in JSON with numbered ids, of which a few are flawed and half have no key. */
abstract class JsonWorkload implements Workload {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IDS = 1_000_000;
    private static final int FLAWED_PERCENT = 3;

    /**
     * A record's value before it is written.
     *
     * @param text the value
     * @param key what its key would be
     * @param flawedName null if it is valid, otherwise the name under which it has to be counted, or nothing
     */
    record Made(String text, String key, String flawedName) {
    }

    @Override
    public final List<ProducerRecord<byte[], byte[]>> make(String topic, String registryUrl, int number,
            RandomGenerator random) {
        // The faults follow from the ids: another seed has others.
        int first = random.nextInt(IDS);
        return IntStream.range(first, first + number).mapToObj(id -> record(topic, "chaos-" + id, random)).toList();
    }

    private ProducerRecord<byte[], byte[]> record(String topic, String id, RandomGenerator random) {
        Made made = random.nextInt(100) < FLAWED_PERCENT ? flawed(id, random) : valid(id, random);
        // Not all who write know of the key.
        byte[] key = random.nextBoolean() ? bytes(made.key()) : null;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, bytes(made.text()));
        if (made.flawedName() != null) {
            Flawed.mark(record, made.flawedName());
        }
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A record that has to be read. */
    abstract Made valid(String id, RandomGenerator random);

    /** A record that cannot be read. */
    abstract Made flawed(String id, RandomGenerator random);

    @Override
    public final Expected expected(ConsumerRecord<byte[], byte[]> record, SimulatedFaults faults) {
        String name = record.topic() + "-" + record.partition() + "-" + record.offset();
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        Optional<String> flaw = Flawed.name(record);
        return flaw.isPresent() ? expectedFlawed(name, key, flaw.get())
                : expectedValid(name, key, json(record.value()), faults);
    }

    private static JsonNode json(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has to become of a record that can be read. */
    abstract Expected expectedValid(String record, String key, JsonNode value, SimulatedFaults faults);

    /** What has to become of a record that cannot. */
    abstract Expected expectedFlawed(String record, String key, String name);
}
