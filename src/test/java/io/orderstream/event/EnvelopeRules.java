package io.orderstream.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/** The rules of envelopes and payloads once more, written by hand: what the schemas are held against. */
final class EnvelopeRules {

    private static final Pattern DATE_TIME = Pattern
            .compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
    private static final Pattern VERSION = Pattern
            .compile("(0|[1-9]\\d{0,3})(\\.(0|[1-9]\\d{0,5})){0,2}");
    private static final Set<String> KNOWN_EMAILS = Set.of("dora@example.com", "eva@example.com");
    private static final int LONGEST_ID = 200;
    private static final Map<String, List<String>> IDS = Map.of("file-added", List.of("fileId", "userId"), "file-removed",
            List.of("fileId", "userId"), "user-created", List.of("user_id", "username"), "user-deleted", List.of("userId"),
            "door-opened", List.of());
    private static final Map<String, String> TIMES = Map.of("file-added", "addedAt", "file-removed", "removedAt",
            "user-created",
            "createdAt", "user-deleted", "deletedAt");

    private EnvelopeRules() {
    }

    /**
     * Whether a stage is the first a value does not pass, or, if that is null, whether it passes all. Of what may
     * stand before and behind the at sign of an address nothing is said here.
     */
    static boolean agree(JsonNode event, Stage stage) {
        Stage expected = firstBroken(event);
        String email = event.path("payload").path("email").asText();
        boolean isUndecided = expected == null && email.contains("@") && !KNOWN_EMAILS.contains(email)
                && event.path("eventType").asText().equals("user-created");
        return stage == expected || isUndecided && stage == Stage.PAYLOAD;
    }

    /** The first stage a value does not pass, null if it passes all. */
    static Stage firstBroken(JsonNode event) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(event.toString())) {
            return Stage.JSON;
        }
        if (!isEnvelope(event)) {
            return Stage.ENVELOPE;
        }
        String type = event.get("eventType").textValue();
        if (!IDS.containsKey(type)) {
            return Stage.TYPE;
        }
        if (!Set.of("1").contains(event.get("eventVersion").textValue().split("\\.")[0])) {
            return Stage.VERSION;
        }
        return isPayload(type, event.get("payload")) ? null : Stage.PAYLOAD;
    }

    private static boolean isEnvelope(JsonNode event) {
        return event.isObject() && matches(event.path("eventId"), "[!-~]{1,200}")
                && matches(event.path("eventType"), "[a-z][a-z0-9-]{0,63}")
                && event.path("eventVersion").isTextual() && VERSION.matcher(event.get("eventVersion").textValue()).matches()
                && isTime(event.path("eventTime")) && event.path("payload").isObject();
    }

    private static boolean isPayload(String type, JsonNode payload) {
        if (type.equals("door-opened")) {
            return payload.path("door").isTextual() && !payload.get("door").textValue().isEmpty()
                    && (!payload.has("note") || payload.get("note").isTextual());
        }
        return IDS.get(type).stream().allMatch(id -> isId(payload.path(id))) && isTime(payload.path(TIMES.get(type)))
                && (!type.equals("user-created") || isUser(payload));
    }

    private static boolean isUser(JsonNode payload) {
        JsonNode roles = payload.path("roles");
        boolean areRoles = roles.isMissingNode() || roles.isArray();
        for (JsonNode role : roles) {
            areRoles &= role.isTextual();
        }
        return areRoles && payload.path("email").isTextual()
                && payload.get("email").textValue().contains("@");
    }

    private static boolean isId(JsonNode id) {
        return id.isTextual() && !id.textValue().isEmpty()
                && id.textValue().codePointCount(0, id.textValue().length()) <= LONGEST_ID;
    }

    private static boolean matches(JsonNode text, String regex) {
        return text.isTextual() && text.textValue().matches(regex);
    }

    private static boolean isTime(JsonNode time) {
        if (!time.isTextual() || !DATE_TIME.matcher(time.textValue()).matches()) {
            return false;
        }
        try {
            OffsetDateTime.parse(time.textValue().toUpperCase(Locale.ROOT));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
