package io.orderstream.api;

import org.apache.kafka.clients.producer.RecordMetadata;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Where the broker has confirmed a record. */
@RegisterForReflection
public record Published(String topic, int partition, long offset) {

    static Published of(RecordMetadata at) {
        return new Published(at.topic(), at.partition(), at.offset());
    }
}
