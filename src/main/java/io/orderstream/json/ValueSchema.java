package io.orderstream.json;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;

/** A compiled JSON Schema (draft 2020-12). Formats such as {@code date-time} are validated. Thread safe. */
public final class ValueSchema {

    /** Extension keyword: names the property whose value identifies the entity and is the record's key. */
    public static final String KEY = "x-key";

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012,
            factory -> factory.metaSchema(JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                    .keyword(new NonValidationKeyword(KEY)).format(new DateTimeFormat()).build()));
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true)
            .regularExpressionFactory(new EcmaPatterns()).pathType(PathType.JSON_POINTER).locale(Locale.ENGLISH).build();

    private final JsonSchema schema;
    private final String key;

    private ValueSchema(JsonSchema schema, String key) {
        this.schema = schema;
        this.key = key;
    }

    /**
     * Compiles a schema.
     *
     * @param name file name, for error messages
     * @param text the schema
     * @throws IllegalStateException naming the file, if it is not a valid schema of draft 2020-12
     */
    public static ValueSchema compile(String name, byte[] text) {
        try {
            JsonNode json = StrictJson.read(text);
            if (!SchemaId.V202012.equals(json.path("$schema").asText())) {
                throw new IllegalStateException("schema " + name + ": $schema must be " + SchemaId.V202012);
            }
            JsonSchema schema = FACTORY.getSchema(json, CONFIG);
            schema.initializeValidators();
            return new ValueSchema(schema, json.path(KEY).textValue());
        } catch (NotJsonException | JsonSchemaException | PatternSyntaxException e) {
            throw new IllegalStateException("schema " + name + ": " + e.getMessage(), e);
        }
    }

    /** Validates a value; returns the violations ordered by path, empty if it is valid. */
    public List<Violation> violations(JsonNode value) {
        return schema.validate(value).stream()
                .map(broken -> new Violation(broken.getInstanceLocation().toString(), broken.getError()))
                .sorted(Comparator.comparing(Violation::path).thenComparing(Violation::rule)).toList();
    }

    /** Returns the text of the property that {@value #KEY} names, null if there is none. */
    public String keyOf(JsonNode value) {
        return key == null ? null : value.path(key).textValue();
    }
}
