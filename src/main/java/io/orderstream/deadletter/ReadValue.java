package io.orderstream.deadletter;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A decoded value.
 *
 * @param format {@code avro} or {@code json}
 * @param content the value as JSON; shared, do not modify
 * @param schemaId id of the writer's schema, null for JSON
 * @param subject subject under which the schema is registered, null if unknown
 * @param schemaVersion version of the schema under this subject, null if unknown
 */
public record ReadValue(String format, JsonNode content, Integer schemaId, String subject, Integer schemaVersion) {
}
