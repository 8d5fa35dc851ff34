package io.orderstream.deadletter;

import java.util.List;

import io.smallrye.mutiny.Uni;

/** Decodes values of unknown format for display. Thread safe, never blocks. */
public interface ValueReader {

    /**
     * @param value the bytes, may be null
     * @param topics the schema's version is given for the first of these topics it is registered for
     * @return the decoded value, null if it cannot be decoded or the registry does not answer in time; never fails
     */
    Uni<ReadValue> read(byte[] value, List<String> topics);
}
