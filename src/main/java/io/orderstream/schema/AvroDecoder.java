package io.orderstream.schema;

import java.util.Optional;
import java.util.function.BiFunction;

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
 * float. A field adapter can allow more.
 * <p>
 * Thread safe. Decoding allocates the record, its values and one {@link BoundedDecoder}.
 *
 * @param <T> the generated class
 */
public class AvroDecoder<T extends SpecificRecord> implements Decoder<T> {

    private final Schemas schemas;
    private final Schema readerSchema;
    private final SpecificData data;
    private final BiFunction<Schema.Field, Schema, Optional<Schema>> adapter;

    /** The reader used last: nearly every record of a topic has the same schema as the one before. */
    private volatile RecordReader<T> last;

    /**
     * @param schemas where writer schemas come from
     * @param recordClass the generated class, whose schema is the reader schema
     * @param adapter allows a field to be read from a type that Avro's schema resolution rejects: takes a field of the
     *        class and the schema of the writer's field of that name, or else of one of its aliases; returns a schema to
     *        be resolved against the latter in place of the field's own, such as {@link FromNumber#text}, or empty to
     *        use the field's own. Called once for each field of a writer schema, when its first record arrives
     */
    public AvroDecoder(Schemas schemas, Class<T> recordClass, BiFunction<Schema.Field, Schema, Optional<Schema>> adapter) {
        this.schemas = schemas;
        this.adapter = adapter;
        // In dev mode and tests, Quarkus loads the class with a class loader that Avro's default does not see.
        this.data = new SpecificData(recordClass.getClassLoader());
        this.data.addLogicalTypeConversion(FromNumber.FLOAT);
        this.data.addLogicalTypeConversion(FromNumber.TEXT);
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
        SchemaCache.Entry writer = schemas.cached(id);
        if (writer == null) {
            return null;
        }
        reader = reader(id, writer);
        last = reader;
        return reader;
    }

    private RecordReader<T> reader(int id, SchemaCache.Entry writer) {
        return writer.reader(this, () -> RecordReader.resolve(id, writer.schema(), readerSchema, adapter, data));
    }

    /**
     * {@inheritDoc}
     * <p>
     * Completes on a thread of the registry's client, where writer and reader schema are resolved as well. If the registry is
     * unavailable, or has lost schemas, it fails with
     * {@link RegistryUnavailableException}.
     */
    @Override
    public Uni<Void> load(byte[] bytes) {
        int id;
        try {
            id = WireFormat.schemaId(bytes);
        } catch (UndecodableException e) {
            return Uni.createFrom().failure(e);
        }
        // Called here, not at each subscription: what counts is since when the record has been there.
        return schemas.load(id).invoke(() -> resolve(id)).replaceWithVoid().onFailure(RegistryRejectedException.class)
                .transform(refusal -> undecodable(id, refusal));
    }

    /** While nobody waits for this thread. */
    private void resolve(int id) {
        SchemaCache.Entry writer = schemas.cached(id);
        if (writer != null) {
            reader(id, writer);
        }
    }

    private static UndecodableException undecodable(int id, RegistryRejectedException refusal) {
        return new UndecodableException(refusal.isUnknown() ? "no schema with id %d: %s".formatted(id, refusal.getMessage())
                : refusal.getMessage(), refusal);
    }
}
