package io.orderstream.record;

import io.smallrye.mutiny.Uni;

/**
 * Turns the bytes of a record into a value. Called on an event loop: neither method may block.
 * <p>
 * It is split in two because nearly every record can be decoded at once, and only the first of a schema has to wait.
 *
 * @param <T> the type of the value
 */
public interface Decoder<T> {

    /**
     * Decodes at once, if everything needed is in memory.
     *
     * @param bytes the record's value, never null
     * @return the value, or null if something has to be fetched first: call {@link #load(byte[])}, then this again
     * @throws UndecodableException if these bytes can never be decoded
     */
    T tryDecode(byte[] bytes);

    /**
     * Fetches what {@link #tryDecode(byte[])} misses for these bytes; by default nothing, for a decoder that never does.
     *
     * @param bytes a record's value for which {@code tryDecode} returned null
     * @return completes when {@code tryDecode} can answer; fails with {@link UndecodableException} if it never will, with any
     *         other failure if it is worth another try later
     */
    default Uni<Void> load(byte[] bytes) {
        return Uni.createFrom().voidItem();
    }
}
