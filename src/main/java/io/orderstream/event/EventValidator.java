package io.orderstream.event;

import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.json.DateTimeFormat;
import io.orderstream.json.NotJsonException;
import io.orderstream.json.StrictJson;
import io.orderstream.json.ValueSchema;
import io.orderstream.json.Violation;
import io.orderstream.trace.Correlation;

/** Takes an event through the {@link Stage stages} of validation: the same for what is consumed and what is produced. */
public final class EventValidator {

    /** Where the envelope itself may say what the event belongs to. */
    private static final String CORRELATION_ID = "correlation_id";
    private static final String TYPE = "/eventType";
    private static final String VERSION = "/eventVersion";

    private final ValueSchema envelope;
    private final EventTypes types;

    EventValidator(ValueSchema envelope, EventTypes types) {
        this.envelope = envelope;
        this.types = types;
    }

    /** The types there are. */
    public EventTypes types() {
        return types;
    }

    /**
     * The event of these bytes.
     *
     * @throws InvalidEventException naming the first stage it does not pass, and all that is wrong there
     */
    public Event validate(byte[] bytes) {
        JsonNode json = parse(bytes);
        check(Stage.ENVELOPE, knownType(json), "", envelope.violations(json));
        String type = json.get("eventType").textValue();
        String version = json.get("eventVersion").textValue();
        JsonNode payload = json.get("payload");
        ValueSchema schema = schema(type, version);
        check(Stage.PAYLOAD, type, "/payload", schema.violations(payload));
        String id = json.get("eventId").textValue();
        String entity = schema.keyOf(payload);
        return new Event(id, type, version, DateTimeFormat.parse(json.get("eventTime").textValue()), payload,
                entity == null ? id : entity,
                Correlation.of(json.path(CORRELATION_ID).textValue(), null, null).id());
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return StrictJson.read(bytes);
        } catch (NotJsonException e) {
            throw new InvalidEventException(Stage.JSON, null, List.of(new Violation("", e.getMessage())));
        }
    }

    private static void check(Stage stage, String type, String at, List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new InvalidEventException(stage, type,
                    violations.stream().map(found -> new Violation(at + found.path(), found.rule())).toList());
        }
    }

    private ValueSchema schema(String type, String version) {
        NavigableMap<Integer, ValueSchema> versions = types.versions(type);
        if (versions == null) {
            throw new InvalidEventException(Stage.TYPE, null, List.of(new Violation(TYPE,
                    "'" + type + "' is none of " + types.names().stream().sorted().collect(Collectors.joining(", ")))));
        }
        ValueSchema schema = versions.get(Integer.valueOf(version.split("\\.", 2)[0]));
        if (schema == null) {
            throw new InvalidEventException(Stage.VERSION, type,
                    List.of(new Violation(VERSION, "'" + version + "' of " + type + " has none of the major versions "
                            + versions.keySet().stream().map(String::valueOf).collect(Collectors.joining(", ")))));
        }
        return schema;
    }

    private String knownType(JsonNode json) {
        String type = json.path("eventType").textValue();
        return type != null && types.versions(type) != null ? type : null;
    }

    /** What an event belongs to that is not valid and has no header for it: the id in its envelope, as far as there is one. */
    Optional<String> correlationId(byte[] bytes) {
        try {
            JsonNode json = StrictJson.read(bytes);
            return Stream.of(CORRELATION_ID, "eventId")
                    .map(field -> Correlation.of(json.path(field).textValue(), null, null).id())
                    .filter(Objects::nonNull).findFirst();
        } catch (NotJsonException e) {
            return Optional.empty();
        }
    }
}
