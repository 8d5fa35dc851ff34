package io.orderstream.redrive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import io.orderstream.order.Order;
import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.schema.Frames;

/** Orders of which it is known what becomes of them, and letters as another application would have written them. */
final class Workload {

    static final double ERROR_RATE = 0.5;
    static final int CENTS = 1_999;

    private static final SimulatedFaults FAULTS = new SimulatedFaults(ERROR_RATE);
    /** Three retries are the default. */
    private static final int ATTEMPTS = 4;
    private static final int IDS = 100_000;

    private final String topic;
    private final int schemaId;

    /** @param schemaId of the order's schema */
    Workload(String topic, int schemaId) {
        this.topic = topic;
        this.schemaId = schemaId;
    }

    List<ProducerRecord<byte[], byte[]>> poison(int number) {
        return orders(number, fault -> fault.kind() == Kind.POISON);
    }

    List<ProducerRecord<byte[], byte[]>> exhausted(int number) {
        return orders(number, fault -> fault.kind() == Kind.TRANSIENT && !fault.isProcessedWithin(ATTEMPTS));
    }

    List<ProducerRecord<byte[], byte[]>> processed(int number) {
        return orders(number, fault -> fault.isProcessedWithin(ATTEMPTS));
    }

    List<ProducerRecord<byte[], byte[]>> undecodable(int number) {
        return IntStream.range(0, number)
                .mapToObj(id -> new ProducerRecord<>(topic, bytes("broken-" + id), bytes("{\"order\":" + id + "}"))).toList();
    }

    private List<ProducerRecord<byte[], byte[]>> orders(int number, Predicate<Fault> fault) {
        return IntStream.range(0, IDS).mapToObj(id -> "letter-" + id).filter(id -> fault.test(FAULTS.of(id))).limit(number)
                .map(id -> new ProducerRecord<>(topic, bytes(id), encode(id))).toList();
    }

    private byte[] encode(String id) {
        return Frames.frame(schemaId, Order.getClassSchema(),
                Order.newBuilder().setOrderId(id).setProduct("Notebook").setPrice(CENTS / 100f).build());
    }

    /**
     * Letters with SmallRye's headers and a kind, of records that never were.
     *
     * @param dlq where they are written
     * @param origin the topic they name
     * @param partitions of that topic
     */
    static List<ProducerRecord<byte[], byte[]>> foreignLetters(String dlq, String origin, int partitions, String kind,
            String reason, int number) {
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
        for (int id = 0; id < number; id++) {
            List<Header> headers = Stream.of("dead-letter-reason=" + reason.replace("#", Integer.toString(id)),
                    "dead-letter-exception-class-name=java.lang.IllegalStateException", "dead-letter-topic=" + origin,
                    "dead-letter-partition=" + id % partitions, "dead-letter-offset=" + (kind.length() * 1_000 + id),
                    "dead-letter-kind=" + kind, "trace=t-" + id).map(Workload::header).toList();
            letters.add(new ProducerRecord<>(dlq, null, bytes(kind + "-" + id), bytes(kind + " value " + id), headers));
        }
        return letters;
    }

    private static Header header(String line) {
        String[] parts = line.split("=", 2);
        return new RecordHeader(parts[0], bytes(parts[1]));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
