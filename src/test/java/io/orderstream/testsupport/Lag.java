package io.orderstream.testsupport;

import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

/** How far a pipeline is behind, by its own statistics. */
public final class Lag {

    private Lag() {
    }

    /**
     * Whether all that its topic held when it was asked is at its end, also what it has not even taken before; not as long as
     * it has no partition, or the broker does not answer.
     *
     * @param stats what a path of statistics answers
     */
    public static boolean isNone(JsonNode stats) {
        JsonNode partitions = stats.path("partitions");
        return !partitions.isEmpty() && StreamSupport.stream(partitions.spliterator(), false)
                .allMatch(partition -> partition.path("lag").asLong(-1) == 0);
    }
}
