package io.orderstream.deadletter;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A value that could be read.
 *
 * @param format {@code avro} or {@code json}
 * @param content what it says, as JSON; shared, not to be changed
 * @param schemaId id of the schema it was written with, null for JSON
 * @param subject where the registry has that schema, null if it does not tell
 * @param schemaVersion the schema's version there, null if the registry does not tell
 */
public record ReadValue(String format, JsonNode content, Integer schemaId, String subject, Integer schemaVersion) {
}
