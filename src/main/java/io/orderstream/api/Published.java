package io.orderstream.api;

import org.apache.kafka.clients.producer.RecordMetadata;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Response to a published record: its position, as confirmed by the broker. */
@RegisterForReflection
public record Published(String topic, int partition, long offset) {

    static Published of(RecordMetadata at) {
        return new Published(at.topic(), at.partition(), at.offset());
    }
}
