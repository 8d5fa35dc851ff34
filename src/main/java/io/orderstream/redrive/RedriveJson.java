package io.orderstream.redrive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.TopicPartition;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.orderstream.deadletter.DeadLetterFilter;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Serializes the records of the jobs topic as JSON. Unknown fields, as of a later version, are ignored. */
@RegisterForReflection(targets = { RedriveJob.class, RedriveJob.State.class, RedriveRequest.class, RedriveCounts.class,
        LeftOutDeadLetter.class, RedriveCheckpoint.class, RedriveJson.Control.class, DeadLetterFilter.class,
        DeadLetterFilter.Coordinates.class })
final class RedriveJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().addModule(new JavaTimeModule())
            .addModule(new SimpleModule().addKeyDeserializer(TopicPartition.class, new KeyDeserializer() {

                @Override
                public TopicPartition deserializeKey(String name, DeserializationContext context) {
                    int dash = name.lastIndexOf('-');
                    return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
                }
            }))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /** Request of an operator to stop (true) or resume (false) a job. */
    record Control(boolean stop) {
    }

    private RedriveJson() {
    }

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours can be written", e);
        }
    }

    static String text(Object value) {
        return new String(write(value), StandardCharsets.UTF_8);
    }

    /** @throws UncheckedIOException if the bytes are not JSON of this type */
    static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new IOException("the value is JSON's null");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
