package io.orderstream.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.FastReaderBuilder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.deadletter.ReadValue;
import io.orderstream.deadletter.ValueReader;
import io.orderstream.record.UndecodableException;
import io.orderstream.schema.RegistryClient.SchemaVersion;
import io.smallrye.mutiny.Uni;

/** Decodes record values for display: JSON objects and arrays, else Avro in Confluent's wire format. */
final class AnyValueReader implements ValueReader {

    /** Timeout for fetching the schema, and again for its version. Short, since an API call waits for both. */
    static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(1);

    /** Largest fixed type read, in bytes: Avro allocates the size given by the schema, which may come from anyone. */
    static final int LARGEST_FIXED = 1024 * 1024;

    /**
     * Most fields of all the records in a value: a byte may begin a record, which takes memory for each field before any is
     * read.
     */
    static final int MOST_FIELDS = 1_000_000;

    private static final int MOST_VERSIONS = 200;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(AvroToJson.DEEPEST).build()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Schemas schemas;
    private final IntFunction<Uni<List<SchemaVersion>>> source;
    /** The latest. Concurrent requests for an id share one request. */
    private final Map<Integer, Uni<List<SchemaVersion>>> versions = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Uni<List<SchemaVersion>>> eldest) {
            return size() > MOST_VERSIONS;
        }
    });
    private final BoundedData data = new BoundedData();
    private final Executor executor;

    private static final class BoundedData extends GenericData {

        /** Fields of the value that this thread reads may still have. */
        private final ThreadLocal<Integer> fieldsLeft = ThreadLocal.withInitial(() -> 0);

        void begin() {
            fieldsLeft.set(MOST_FIELDS);
        }

        @Override
        public Object newRecord(Object old, Schema schema) {
            int left = fieldsLeft.get() - schema.getFields().size();
            if (left < 0) {
                throw new UndecodableException("more than %d fields".formatted(MOST_FIELDS));
            }
            fieldsLeft.set(left);
            return super.newRecord(old, schema);
        }

        @Override
        public Object createFixed(Object old, Schema schema) {
            if (schema.getFixedSize() > LARGEST_FIXED) {
                throw new UndecodableException("fixed of %d bytes".formatted(schema.getFixedSize()));
            }
            return super.createFixed(old, schema);
        }
    }

    /**
     * @param source finds the subjects and versions under which a schema id is registered
     * @param executor decodes
     */
    AnyValueReader(Schemas schemas, IntFunction<Uni<List<SchemaVersion>>> source, Executor executor) {
        this.executor = executor;
        this.schemas = schemas;
        this.source = source;
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
        return schemas.find(id).ifNoItem().after(REGISTRY_TIMEOUT).fail()
                // A large schema takes its time, and so does a value without many bytes.
                .emitOn(executor)
                .map(schema -> AvroToJson.convert(decoded(id, schema, value)))
                .chain(content -> version(id, topics).map(version -> new ReadValue("avro", content, id,
                        version.map(SchemaVersion::subject).orElse(null), version.map(SchemaVersion::version).orElse(null))));
    }

    private Object decoded(int id, Schema schema, byte[] value) {
        SchemaCache.Entry cached = schemas.cached(id);
        data.begin();
        return (cached == null ? reader(id, schema) : cached.reader(this, () -> reader(id, cached.schema()))).read(value);
    }

    private RecordReader<Object> reader(int id, Schema schema) {
        try {
            // Do not instantiate the Java classes that a schema's properties may name for strings.
            return new RecordReader<>(id, new FastReaderBuilder(data).withClassPropEnabled(false)
                    .withKeyClassEnabled(false).createDatumReader(schema), null);
        } catch (RuntimeException | IOException | StackOverflowError e) {
            throw new UndecodableException("schema id %d cannot be read with: %s".formatted(id, e.getMessage()), e);
        }
    }

    private Uni<Optional<SchemaVersion>> version(int id, List<String> topics) {
        return versions.computeIfAbsent(id, this::fetch).map(found -> choose(found, topics))
                .ifNoItem().after(REGISTRY_TIMEOUT).recoverWithItem(Optional.empty())
                .onFailure().recoverWithItem(Optional.empty());
    }

    private Uni<List<SchemaVersion>> fetch(int id) {
        return source.apply(id).onItemOrFailure().invoke((found, failure) -> {
            if (failure != null || found.isEmpty()) {
                versions.remove(id);
            }
        }).memoize().indefinitely();
    }

    /** A schema may be registered under many subjects: prefers those of the topics' values, in the topics' order. */
    private static Optional<SchemaVersion> choose(List<SchemaVersion> found, List<String> topics) {
        return topics.stream().map(SchemaRegistration::valueSubject)
                .flatMap(subject -> found.stream().filter(version -> version.subject().equals(subject)))
                .findFirst().or(() -> found.stream().findFirst());
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
