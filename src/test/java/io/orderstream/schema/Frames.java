package io.orderstream.schema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

import io.smallrye.mutiny.Uni;

/** Framed records as another producer writes them: Avro's own generic writer behind a header laid by hand. */
public final class Frames {

    /** The adapter of a decoder that allows nothing more. */
    public static final BiFunction<Schema.Field, Schema, Optional<Schema>> UNADAPTED = (field, written) -> Optional.empty();

    private Frames() {
    }

    /** An order's schema with another type of price, in another namespace. */
    static Schema order(String namespace, Schema price) {
        return SchemaBuilder.record("Order").namespace(namespace).fields()
                .requiredString("orderId").requiredString("product").name("price").type(price).noDefault().endRecord();
    }

    public static byte[] frame(int id, Schema schema, Map<String, Object> values) {
        GenericData.Record datum = new GenericData.Record(schema);
        values.forEach(datum::put);
        return frame(id, schema, datum);
    }

    public static byte[] frame(int id, Schema schema, Object datum) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] { 0, (byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id });
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(schema).write(datum, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A cache of a registry that has lost nothing, so that an id it does not know is wrong at once. */
    public static Schemas cache(IntFunction<Uni<Schema>> source) {
        return new Schemas(source, new RegistryContent(id -> Uni.createFrom().voidItem(), () -> Uni.createFrom().voidItem(),
                System::nanoTime), Duration.ZERO, System::nanoTime);
    }

    /** A cache that holds these schemas and knows no others. */
    public static Schemas loaded(Map<Integer, Schema> schemas) {
        Schemas loaded = cache(id -> schemas.containsKey(id) ? Uni.createFrom().item(schemas.get(id))
                : Uni.createFrom().failure(new RegistryRejectedException(404, 40403, "Schema not found")));
        schemas.keySet().forEach(id -> loaded.load(id).await().indefinitely());
        return loaded;
    }
}
