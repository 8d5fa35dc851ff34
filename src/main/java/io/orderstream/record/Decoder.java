package io.orderstream.record;

import io.smallrye.mutiny.Uni;

/**
 * Decodes the value of a record. Called on an event loop, so neither method may block.
 * <p>
 * There are two methods because nearly every record can be decoded at once; only the first record of a schema waits.
 *
 * @param <T> the type of the value
 */
public interface Decoder<T> {

    /**
     * Decodes a value if everything needed is in memory.
     *
     * @param bytes the record's value, never null
     * @return the value, or null if something must be fetched first: call {@link #load(byte[])}, then try again
     * @throws UndecodableException if these bytes can never be decoded; whatever else is thrown means the same
     */
    T tryDecode(byte[] bytes);

    /**
     * Fetches what {@link #tryDecode(byte[])} needs for these bytes. By default it fails: a decoder that always answers at once
     * is never asked.
     *
     * @param bytes a record's value for which {@code tryDecode} returned null
     * @return completes when {@code tryDecode} can be called again; fails with {@link UndecodableException} if these
     *         bytes can never be decoded, with {@link RecordNotReadyException} if a later attempt may succeed, with any
     *         other exception if that is so because something is unavailable: this is shown as an outage. It is
     *         subscribed to again for each attempt. Whatever is thrown, instead of a failure of the {@code Uni}, and any error
     *         mean that they can never be decoded
     */
    default Uni<Void> load(byte[] bytes) {
        return Uni.createFrom().failure(new UndecodableException("the decoder gives no value for these bytes"));
    }
}
