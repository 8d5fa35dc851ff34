package io.orderstream.deadletter;

import java.util.List;

import io.smallrye.mutiny.Uni;

/** Reads values of which nobody has said what they are, to show them to people. Any thread may call; nothing blocks. */
public interface ValueReader {

    /**
     * @param value the bytes, may be null
     * @param topics the schema may be registered for several topics: its version for the first of these that has it is told
     * @return what they say, or null if they cannot be read or the registry does not answer in time; never fails
     */
    Uni<ReadValue> read(byte[] value, List<String> topics);
}
