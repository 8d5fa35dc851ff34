package io.orderstream.event;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event whose envelope and payload are valid.
 *
 * @param id names the event: the same when it is sent again
 * @param type its type
 * @param version version of its payload's schema
 * @param time when it happened
 * @param payload what happened, as the schema of its type has it
 * @param entity id of what it is about: events of one entity are handled in their order
 * @param correlationId what it belongs to as far as the envelope tells, null if it does not
 */
public record Event(String id, String type, String version, Instant time, JsonNode payload, String entity,
        String correlationId) {

    /** What it belongs to where nothing else says so: what its envelope names, or the event itself. */
    String ownCorrelation() {
        return correlationId == null ? id : correlationId;
    }
}
