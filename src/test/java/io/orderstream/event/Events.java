package io.orderstream.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.pipeline.SimulatedFaults.Fault;
import io.vertx.core.json.JsonObject;

/** Events as clients send them. */
public final class Events {

    public static final List<String> TYPES = List.of("file-added", "file-removed", "user-created", "user-deleted");

    private static final String TIME = "2026-03-01T12:00:00Z";

    private Events() {
    }

    /** A valid event of a type, about an entity. */
    public static JsonObject event(String type, String eventId, String entity) {
        return new JsonObject().put("eventId", eventId).put("eventType", type).put("eventVersion", "1.0").put("eventTime", TIME)
                .put("payload", payload(type, entity));
    }

    static JsonObject event(String type) {
        return event(type, UUID.randomUUID().toString(), "entity-" + UUID.randomUUID());
    }

    private static JsonObject payload(String type, String entity) {
        return switch (type) {
            case "file-added" -> JsonObject.of("fileId", entity, "userId", "u-1", "addedAt", TIME);
            case "file-removed" -> JsonObject.of("fileId", entity, "userId", "u-1", "removedAt", TIME);
            case "user-created" ->
                JsonObject.of("user_id", entity, "username", "dora", "email", "dora@example.com", "createdAt",
                        TIME, "roles", List.of("user"));
            case "user-deleted" -> JsonObject.of("userId", entity, "deletedAt", TIME);
            default -> throw new IllegalArgumentException(type);
        };
    }

    /** A new event id with such a fault. */
    static String idWith(SimulatedFaults faults, Predicate<Fault> fault) {
        return Stream.generate(() -> UUID.randomUUID().toString()).filter(id -> fault.test(faults.of(id))).findFirst()
                .orElseThrow();
    }

    public static byte[] bytes(JsonObject event) {
        return event.encode().getBytes(StandardCharsets.UTF_8);
    }
}
