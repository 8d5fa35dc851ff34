package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** A registry that has a schema for every id that somebody makes up. */
class SchemaCacheTest {

    private static final Schema SMALL = Schema.create(Schema.Type.INT);
    private static final int FLOOD = 10 * SchemaCache.MOST;

    private final SchemaCache cache = new SchemaCache();

    @Test
    void shouldKeepSoManySchemasAndThoseThatAreUsed() {
        // Given
        cache.put(-1, Schema.create(Schema.Type.STRING));
        cache.put(-2, Schema.create(Schema.Type.BYTES));

        // When
        for (int id = 0; id < FLOOD; id++) {
            cache.put(id, SMALL);
            cache.get(-1);
        }

        // Then
        assertThat(cache.size()).isEqualTo(SchemaCache.MOST);
        assertThat(cache.get(-1).schema().getType()).isEqualTo(Schema.Type.STRING);
        assertThat(cache.get(-2)).isNull();
        assertThat(cache.get(0)).isNull();
        assertThat(cache.get(FLOOD - 1).schema()).isSameAs(SMALL);
    }

    @Test
    void shouldKeepSoManyBytesOfSchemas() {
        // Given
        Schema large = SchemaBuilder.record("R").doc("x".repeat(1_000_000)).fields().endRecord();
        long each = SchemaLimits.bytes(large);
        cache.put(-1, SMALL);

        // When
        for (int id = 0; id < 100; id++) {
            cache.put(id, large);
            cache.get(-1);
        }

        // Then
        assertThat(cache.bytes()).isBetween(SchemaCache.LARGEST - 2 * each, SchemaCache.LARGEST);
        assertThat(cache.size()).isLessThanOrEqualTo(1 + (int) (SchemaCache.LARGEST / each));
        assertThat(cache.get(-1)).isNotNull();
        assertThat(cache.get(99)).isNotNull();
    }

    @Test
    void shouldCountASchemaOnceThatIsPutAgain() {
        cache.put(1, SMALL);
        long once = cache.bytes();
        cache.put(1, SMALL);
        assertThat(cache.bytes()).isEqualTo(once);
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void shouldMakeAReaderOnceForEachWhoAsks() {
        // Given
        cache.put(1, SMALL);
        AtomicInteger made = new AtomicInteger();

        // When
        for (Object owner : new Object[] { "one", "two", "one", "two" }) {
            cache.get(1).reader(owner, () -> {
                made.incrementAndGet();
                return new RecordReader<>(1, null, null);
            });
        }

        // Then
        assertThat(made).hasValue(2);
    }
}
