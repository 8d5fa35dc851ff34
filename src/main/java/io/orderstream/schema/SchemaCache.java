package io.orderstream.schema;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.avro.Schema;

/**
 * Schemas by id, with what reads records of them. Bounded in number and in memory, since ids come from the data, and what they
 * stand for from the registry: those that have not been used for longest go first. Thread safe.
 */
final class SchemaCache {

    /** Most schemas. */
    static final int MOST = 1_000;

    /** Most bytes of all schemas together, as {@link SchemaLimits#bytes} has them: a few of the largest. */
    static final long LARGEST = 64 * 1024 * 1024;

    /** In the order of their last use. */
    private final Map<Integer, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** A schema and its readers. */
    static final class Entry {

        private final Schema schema;
        private final long bytes;
        private final Map<Object, RecordReader<?>> readers = new ConcurrentHashMap<>(1);

        private Entry(Schema schema, long bytes) {
            this.schema = schema;
            this.bytes = bytes;
        }

        Schema schema() {
            return schema;
        }

        /**
         * The reader of this schema that somebody has, made at the first call.
         *
         * @param owner whose it is; always asks for readers of the same type
         */
        @SuppressWarnings("unchecked")
        <T> RecordReader<T> reader(Object owner, Supplier<RecordReader<T>> made) {
            return (RecordReader<T>) readers.computeIfAbsent(owner, key -> made.get());
        }
    }

    /** Returns null if it is not there. */
    synchronized Entry get(int id) {
        return entries.get(id);
    }

    void put(int id, Schema schema) {
        // Takes a while for a large one: not under the lock.
        Entry entry = new Entry(schema, SchemaLimits.bytes(schema));
        synchronized (this) {
            Entry before = entries.put(id, entry);
            bytes += entry.bytes - (before == null ? 0 : before.bytes);
            Iterator<Entry> longestUnused = entries.values().iterator();
            while (entries.size() > MOST || bytes > LARGEST && entries.size() > 1) {
                bytes -= longestUnused.next().bytes;
                longestUnused.remove();
            }
        }
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized int size() {
        return entries.size();
    }
}
