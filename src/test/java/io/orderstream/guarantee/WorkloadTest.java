package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.testsupport.Fate;
import io.orderstream.totals.Totals;

/** A run is worth what its records are: they are the same for a seed, and nothing that can happen to a record is left out. */
class WorkloadTest {

    private static final int RECORDS = 5_000;
    private static final SimulatedFaults FAULTS = new SimulatedFaults(0.1);
    private static final Set<String> TYPES = Set.of("file-added", "file-removed", "user-created", "user-deleted");

    private final Workload events = new EventWorkload();
    private final Workload itemOrders = new ItemOrderWorkload();

    @Test
    void shouldMakeTheSameRecordsForTheSameSeedOnly() {
        assertThat(truth(events, 1)).isEqualTo(truth(events, 1)).isNotEqualTo(truth(events, 2));
        assertThat(truth(itemOrders, 1)).isEqualTo(truth(itemOrders, 1)).isNotEqualTo(truth(itemOrders, 2));
    }

    @Test
    void shouldLetEventsOfEachTypeEndInEveryWay() {
        // When
        Truth truth = truth(events, 1);

        // Then
        for (String type : TYPES) {
            assertEveryFate(truth.records().stream().filter(event -> event.names().equals(List.of(type))).toList());
        }
        GroupCount counted = truth.counted();
        assertThat(counted.names()).containsOnlyKeys("file-added", "file-removed", "unknown", "user-created", "user-deleted");
        assertThat(counted.names().get("unknown").processed()).isZero();
        assertThat(counted.names().values().stream().reduce(Totals.ZERO, Totals::plus)).isEqualTo(counted.totals());
        assertThat(truth.records().stream().map(Expected::lane).distinct()).as("two hundred entities, and none").hasSize(201);
    }

    @Test
    void shouldLetItemOrdersEndInEveryWay() {
        // When
        Truth truth = truth(itemOrders, 1);

        // Then
        assertEveryFate(truth.records());
        GroupCount counted = truth.counted();
        assertThat(counted.names()).hasSize(9);
        assertThat(counted.names().values().stream().mapToLong(Totals::processed).sum()).as("once by user, once by item")
                .isEqualTo(2 * counted.totals().processed());
        assertThat(counted.names().values().stream().mapToLong(Totals::amount).sum())
                .isEqualTo(2 * counted.totals().amount());
    }

    private static void assertEveryFate(List<Expected> records) {
        assertThat(records).extracting(Expected::fate).contains(new Fate(null, 1), new Fate(null, 2), new Fate(null, 3),
                new Fate(null, 4), new Fate("poison", 1), new Fate("exhausted", 4), Fate.UNDECODABLE);
        assertThat(records).extracting(Expected::key).as("with keys, and without").containsNull()
                .anyMatch(Objects::nonNull);
    }

    private static Truth truth(Workload workload, long seed) {
        List<ProducerRecord<byte[], byte[]>> made = workload.make("topic", null, RECORDS, new Random(seed));
        return new Truth(
                IntStream.range(0, RECORDS).mapToObj(offset -> workload.expected(read(made.get(offset), offset), FAULTS))
                        .toList());
    }

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> made, long offset) {
        return new ConsumerRecord<>(made.topic(), 0, offset, 0, TimestampType.CREATE_TIME, 0, 0, made.key(), made.value(),
                new RecordHeaders(made.headers()), Optional.empty());
    }
}
