package io.orderstream.guarantee;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults;

/** A pipeline of the application, and what it is given to do in a run. */
interface Workload {

    /** The pipeline's name, as the application calls it. */
    String pipeline();

    /** Where it reads and writes with these settings. */
    Route route(Map<String, String> settings);

    /** The setting with the share of records that fail. */
    String errorRateSetting();

    /**
     * Records for a topic, the same for the same seed.
     *
     * @param registryUrl of the registry, for those that have a schema in one
     */
    List<ProducerRecord<byte[], byte[]>> make(String topic, String registryUrl, int number, RandomGenerator random);

    /**
     * What has to become of a record in a topic, known from its bytes without the application.
     *
     * @param faults how its handler fails
     */
    Expected expected(ConsumerRecord<byte[], byte[]> record, SimulatedFaults faults);

    /** Path of its statistics. */
    String statistics();

    /** What is promised of this pipeline beyond what is promised of all. */
    List<ProcessingGuarantee> guarantees();

    /** What a group has counted, from what the statistics say of it. */
    GroupCount counted(JsonNode group);
}
