package io.orderstream.guarantee;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.OrderLedger;
import io.orderstream.totals.Totals;

/** Orders in Avro, each with a key of its own. */
final class OrderWorkload implements Workload {

    @Override
    public String pipeline() {
        return "orders";
    }

    @Override
    public Route route(Map<String, String> settings) {
        return new Route(settings.get("ORDERS_TOPIC"), settings.get("ORDERS_RETRY_TOPIC"), settings.get("ORDERS_DLQ_TOPIC"),
                settings.get("CONSUMER_GROUP_ID"));
    }

    @Override
    public String errorRateSetting() {
        return "ERROR_SIMULATION_RATE";
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> make(String topic, String registryUrl, int number, RandomGenerator random) {
        return new SeededOrders(topic, registryUrl).make(number, random);
    }

    @Override
    public Expected expected(ConsumerRecord<byte[], byte[]> record, SimulatedFaults faults) {
        return expected(record.topic(), OrderLedger.entry(record, faults));
    }

    /** What has to become of an order. */
    static Expected expected(String topic, OrderLedger.Entry order) {
        return new Expected(topic + "-" + order.partition() + "-" + order.offset(), order.id(), order.fate(), order.id(),
                order.cents(), List.of());
    }

    @Override
    public String statistics() {
        return "/api/orders/stats";
    }

    @Override
    public List<ProcessingGuarantee> guarantees() {
        return List.of();
    }

    @Override
    public GroupCount counted(JsonNode group) {
        return new GroupCount(new Totals(group.get("received").asLong(), group.get("processed").asLong(),
                group.get("deadLettered").asLong(), OrderApp.cents(group.get("revenue"))), Map.of());
    }
}
