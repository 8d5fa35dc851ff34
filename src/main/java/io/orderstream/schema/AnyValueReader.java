package io.orderstream.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.deadletter.ReadValue;
import io.orderstream.deadletter.ValueReader;
import io.orderstream.schema.RegistryClient.SchemaVersion;
import io.smallrye.mutiny.Uni;

/** Decodes record values for display: JSON objects and arrays, else Avro in Confluent's wire format. */
final class AnyValueReader implements ValueReader {

    /** Timeout for fetching the schema, and again for its version. Short, since an API call waits for both. */
    static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(1);

    private static final SchemaVersion UNKNOWN = new SchemaVersion(null, 0);
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(AvroToJson.DEEPEST).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Schemas schemas;
    private final SchemaVersions versions;
    private final Map<Integer, GenericReader> readers = new ConcurrentHashMap<>();

    /**
     * @param schemas source of writer schemas
     * @param versions finds the subjects and versions under which a schema id is registered
     */
    AnyValueReader(Schemas schemas, IntFunction<Uni<List<SchemaVersion>>> versions) {
        this.schemas = schemas;
        this.versions = new SchemaVersions(versions);
    }

    @Override
    public Uni<ReadValue> read(byte[] value, List<String> topics) {
        return Uni.createFrom().deferred(() -> {
            if (value == null || value.length == 0) {
                return Uni.createFrom().nullItem();
            }
            Optional<JsonNode> json = json(value);
            return json.isPresent() ? Uni.createFrom().item(new ReadValue("json", json.get(), null, null, null))
                    : avro(value, WireFormat.schemaId(value), topics);
        }).onFailure().recoverWithNull();
    }

    private Uni<ReadValue> avro(byte[] value, int id, List<String> topics) {
        return schemas.load(id).ifNoItem().after(REGISTRY_TIMEOUT).fail()
                .map(schema -> readers.computeIfAbsent(id, key -> new GenericReader(key, schema)).read(value))
                .chain(content -> version(id, topics).map(version -> version == UNKNOWN
                        ? new ReadValue("avro", content, id, null, null)
                        : new ReadValue("avro", content, id, version.subject(), version.version())));
    }

    private Uni<SchemaVersion> version(int id, List<String> topics) {
        return versions.of(id, topics).onItem().ifNull().continueWith(UNKNOWN)
                .ifNoItem().after(REGISTRY_TIMEOUT).recoverWithItem(UNKNOWN)
                .onFailure().recoverWithItem(UNKNOWN);
    }

    private static Optional<JsonNode> json(byte[] value) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
            return Optional.of(JSON.readTree(text)).filter(JsonNode::isContainerNode);
        } catch (IOException e) {
            // Not UTF-8 or not JSON: it may be Avro.
            return Optional.empty();
        }
    }
}
