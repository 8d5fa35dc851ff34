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
 * Decodes records in Confluent's wire format into a generated class, whatever schema they were written with, as far as Avro's
 * schema resolution reaches: fields added, left out (if they have a default) or renamed by an alias, numbers promoted. Beyond
 * it, the writer's record may be in another namespace, and may have a double where the class has a float. What else may be
 * read is for a {@link FieldAdapter} to say.
 * <p>
 * Any thread may call, and several at once. Per record it allocates the record, its values and one small cursor.
 *
 * @param <T> the generated class
 */
public class AvroDecoder<T extends SpecificRecord> implements Decoder<T> {

    private final Schemas schemas;
    private final Schema readerSchema;
    private final SpecificData data;
    private final FieldAdapter adapter;
    private final Map<Integer, RecordReader<T>> readers = new ConcurrentHashMap<>();

    /** The reader used last: nearly every record of a topic is of the same schema as the one before. */
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
     * @param adapter what else may be read
     */
    public AvroDecoder(Schemas schemas, Class<T> recordClass, FieldAdapter adapter) {
        this.schemas = schemas;
        this.adapter = adapter;
        // In dev mode and tests the class has a class loader of its own, which Avro's does not see.
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
     * It completes on a thread of the registry's client. An outage of the registry shows as
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
