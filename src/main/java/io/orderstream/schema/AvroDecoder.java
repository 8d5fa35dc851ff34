package io.orderstream.schema;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

import io.orderstream.record.Decoder;
import io.orderstream.record.UndecodableException;
import io.smallrye.mutiny.Uni;

/**
 * Decodes records in Confluent's wire format into a generated class. The writer schema may differ from the class as
 * far as Avro's schema resolution allows: fields added, removed (if they have a default) or renamed by an alias,
 * numbers promoted. In addition, the writer's record may have another namespace and a double where the class has a
 * float. A {@link FieldAdapter} can allow more.
 * <p>
 * Thread safe. Decoding allocates the record, its values and one {@link BoundedDecoder}.
 *
 * @param <T> the generated class
 */
public class AvroDecoder<T extends SpecificRecord> implements Decoder<T> {

    private final Schemas schemas;
    private final Schema readerSchema;
    private final SpecificData data;
    private final FieldAdapter adapter;
    private final Map<Integer, RecordReader<T>> readers = new ConcurrentHashMap<>();

    /** The reader used last: nearly every record of a topic has the same schema as the one before. */
    private volatile RecordReader<T> last;

    /**
     * @param schemas where writer schemas come from
     * @param recordClass the generated class, whose schema is the reader schema
     */
    public AvroDecoder(Schemas schemas, Class<T> recordClass) {
        this(schemas, recordClass, FieldAdapter.NONE);
    }

    /**
     * @param schemas where writer schemas come from
     * @param recordClass the generated class, whose schema is the reader schema
     * @param adapter allows further differences between writer schema and class
     */
    public AvroDecoder(Schemas schemas, Class<T> recordClass, FieldAdapter adapter) {
        this.schemas = schemas;
        this.adapter = adapter;
        // In dev mode and tests, Quarkus loads the class with a class loader that Avro's default does not see.
        this.data = new SpecificData(recordClass.getClassLoader());
        this.data.addLogicalTypeConversion(new FloatFromDouble());
        this.data.addLogicalTypeConversion(new TextFromNumber());
        this.readerSchema = data.getSchema(recordClass);
    }

    @Override
    public T tryDecode(byte[] bytes) {
        RecordReader<T> reader = reader(WireFormat.schemaId(bytes));
        return reader == null ? null : reader.read(bytes);
    }

    private RecordReader<T> reader(int id) {
        RecordReader<T> reader = last;
        if (reader != null && reader.schemaId() == id) {
            return reader;
        }
        reader = readers.get(id);
        if (reader == null) {
            Schema writer = schemas.get(id);
            if (writer == null) {
                return null;
            }
            reader = readers.computeIfAbsent(id, key -> new RecordReader<>(key, writer, readerSchema, adapter, data));
        }
        last = reader;
        return reader;
    }

    /**
     * {@inheritDoc}
     * <p>
     * Completes on a thread of the registry's client. If the registry is unavailable it fails with
     * {@link RegistryUnavailableException}.
     */
    @Override
    public Uni<Void> load(byte[] bytes) {
        return Uni.createFrom().deferred(() -> schemas.load(WireFormat.schemaId(bytes)).replaceWithVoid()
                .onFailure(RegistryRejectedException.class)
                .transform(refusal -> new UndecodableException(
                        "no schema with id %d: %s".formatted(WireFormat.schemaId(bytes), refusal.getMessage()), refusal)));
    }
}
