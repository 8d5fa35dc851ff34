package io.orderstream.guarantee;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.event.Events;
import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.testsupport.Fate;
import io.orderstream.totals.Totals;
import io.vertx.core.json.JsonObject;

/** Events of four types about not so many entities, so that those of one often wait for each other. */
final class EventWorkload extends JsonWorkload {

    private static final int ENTITIES = 200;
    private static final int FLAWS = 6;
    /** Counts what has no type, or none that is known. */
    private static final String UNKNOWN = "unknown";
    /** Where the payload of a type names its entity. */
    private static final Map<String, String> ENTITY = Map.of("file-added", "fileId", "file-removed", "fileId", "user-created",
            "user_id", "user-deleted", "userId");

    @Override
    public String pipeline() {
        return "events";
    }

    @Override
    public Route route(Map<String, String> settings) {
        return new Route(settings.get("EVENTS_TOPIC"), settings.get("EVENTS_DLQ_TOPIC"), settings.get("EVENTS_GROUP_ID"));
    }

    @Override
    public String errorRateSetting() {
        return "EVENTS_ERROR_RATE";
    }

    @Override
    Made valid(String id, RandomGenerator random) {
        String entity = entity(random);
        return new Made(Events.event(type(random), id, entity).encode(), entity, null);
    }

    /** Of each stage of validation one that does not pass it. */
    @Override
    Made flawed(String id, RandomGenerator random) {
        String type = type(random);
        String entity = entity(random);
        JsonObject event = Events.event(type, id, entity);
        return switch (random.nextInt(FLAWS)) {
            case 0 -> new Made(event.encode().substring(1), entity, UNKNOWN);
            case 1 -> new Made(event.put("eventType", 7).encode(), entity, UNKNOWN);
            case 2 -> new Made(event.put("eventType", "file-lost").encode(), entity, UNKNOWN);
            case 3 -> new Made(event.put("eventTime", "yesterday").encode(), entity, type);
            case 4 -> new Made(event.put("eventVersion", "2.0").encode(), entity, type);
            default -> new Made(event.put("payload", new JsonObject()).encode(), entity, type);
        };
    }

    private static String type(RandomGenerator random) {
        return Events.TYPES.get(random.nextInt(Events.TYPES.size()));
    }

    private static String entity(RandomGenerator random) {
        return "entity-" + random.nextInt(ENTITIES);
    }

    @Override
    Expected expectedValid(String record, String key, JsonNode event, SimulatedFaults faults) {
        String type = event.required("eventType").asText();
        return new Expected(record, key, Fate.of(faults.of(event.required("eventId").asText())),
                event.required("payload").required(ENTITY.get(type)).asText(), 0, List.of(type));
    }

    /** What it is about nobody knows: it waits for those of its key. */
    @Override
    Expected expectedFlawed(String record, String key, String type) {
        return new Expected(record, key, Fate.UNDECODABLE, key, 0, List.of(type));
    }

    @Override
    public String statistics() {
        return "/api/events/stats";
    }

    @Override
    public List<ProcessingGuarantee> guarantees() {
        return List.of(new ExactNames(), new LanesKept());
    }

    @Override
    public GroupCount counted(JsonNode group) {
        Map<String, Totals> types = new TreeMap<>();
        group.get("types").properties().forEach(type -> types.put(type.getKey(), totals(type.getValue())));
        return new GroupCount(totals(group), types);
    }

    private static Totals totals(JsonNode count) {
        return new Totals(count.get("received").asLong(), count.get("processed").asLong(), count.get("deadLettered").asLong(),
                0);
    }
}
