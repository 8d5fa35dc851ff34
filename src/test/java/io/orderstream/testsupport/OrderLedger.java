package io.orderstream.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import io.orderstream.order.Order;
import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.orderstream.pipeline.SimulatedFaults.Kind;

/**
 * What has to become of the orders in a topic: read from the topic itself with nothing but Avro, and known from their ids.
 *
 * @param entries the orders
 */
public record OrderLedger(List<Entry> entries) {

    private static final int HEADER_BYTES = 5;

    /** An order, where it stands, its price in cents and its fault. */
    public record Entry(String id, int partition, long offset, long cents, Fault fault) {

        /** What has to become of it. */
        public Fate fate() {
            return Fate.of(fault);
        }
    }

    /** Reads all orders a topic holds now. */
    public static OrderLedger of(TopicClient topics, String topic, double errorRate) {
        SimulatedFaults faults = new SimulatedFaults(errorRate);
        return new OrderLedger(topics.read(topic).stream().map(record -> entry(record, faults)).toList());
    }

    /** Reads the order in a record. */
    public static Entry entry(ConsumerRecord<byte[], byte[]> record, SimulatedFaults faults) {
        try {
            int length = record.value().length - HEADER_BYTES;
            Order order = new SpecificDatumReader<Order>(Order.getClassSchema()).read(null,
                    DecoderFactory.get().binaryDecoder(record.value(), HEADER_BYTES, length, null));
            return new Entry(order.getOrderId(), record.partition(), record.offset(), Math.round(order.getPrice() * 100.0),
                    faults.of(order.getOrderId()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kind of each dead letter in a topic, as id=kind; an order that is there twice is listed twice. */
    public static List<String> deadLetters(TopicClient topics, String topic) {
        return topics.read(topic).stream().map(letter -> new String(letter.key(), StandardCharsets.UTF_8) + "="
                + TopicClient.header(letter, "dead-letter-kind")).toList();
    }

    /** What {@link #deadLetters(TopicClient, String)} has to list. */
    public List<String> deadLetters() {
        return entries.stream().filter(entry -> !entry.fate().isProcessed())
                .map(entry -> entry.id() + "=" + entry.fate().deadLetterKind())
                .toList();
    }

    public long processed() {
        return processedEntries().count();
    }

    private Stream<Entry> processedEntries() {
        return entries.stream().filter(entry -> entry.fate().isProcessed());
    }

    /** The sum of the prices of the orders that are processed. */
    public BigDecimal revenue() {
        return BigDecimal.valueOf(processedEntries().mapToLong(Entry::cents).sum(), 2);
    }

    /** The offset in each partition at which it stops while orders with a transient fault are waiting. */
    public Map<Integer, Long> firstTransientOffsets() {
        return entries.stream().filter(entry -> entry.fault().kind() == Kind.TRANSIENT)
                .collect(Collectors.toMap(Entry::partition, Entry::offset, Math::min));
    }
}
