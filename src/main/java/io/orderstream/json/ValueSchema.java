package io.orderstream.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import com.networknt.schema.ValidationMessage;

/** A compiled JSON Schema (draft 2020-12). Formats such as {@code date-time} are validated. Thread safe. */
public final class ValueSchema {

    /** Extension keyword: names the property whose value identifies the entity and is the record's key. */
    public static final String KEY = "x-key";

    private static final String DESCRIPTION = "description";

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012,
            factory -> factory.metaSchema(JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                    .keyword(new NonValidationKeyword(KEY)).vocabularyFactory(ExactNumbers::vocabulary)
                    .format(new DateTimeFormat()).build()));
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true)
            .regularExpressionFactory(new EcmaPatterns()).pathType(PathType.JSON_POINTER).locale(Locale.ENGLISH).build();

    private final JsonSchema schema;
    private final JsonNode json;

    /**
     * A field that breaks its rule.
     *
     * @param field its name below the value, such as {@code filter.letters[0].offset}; empty for the value itself
     * @param rule what it must be, in the words of its schema's description
     * @param value what it is, a missing node if it is not there
     */
    public record BrokenField(String field, String rule, JsonNode value) {
    }

    private ValueSchema(JsonSchema schema, JsonNode json) {
        this.schema = schema;
        this.json = json;
    }

    /**
     * Compiles the schema of a resource.
     *
     * @throws IllegalStateException naming the resource, if there is none or it is not a schema of 2020-12
     */
    public static ValueSchema ofResource(String name) {
        try (InputStream file = ValueSchema.class.getClassLoader().getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("schema " + name + ": there is no such resource");
            }
            return compile(name, file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            return new ValueSchema(schema, json);
        } catch (NotJsonException | JsonSchemaException | PatternSyntaxException e) {
            throw new IllegalStateException("schema " + name + ": " + e.getMessage(), e);
        }
    }

    /** Validates a value; returns the violations ordered by path, empty if it is valid. Numbers are compared exactly. */
    public List<Violation> violations(JsonNode value) {
        try {
            return schema.validate(value).stream()
                    .map(broken -> new Violation(broken.getInstanceLocation().toString(), broken.getError()))
                    .sorted(Comparator.comparing(Violation::path).thenComparing(Violation::rule)).toList();
        } catch (RuntimeException | StackOverflowError e) {
            // A pattern or a format may need a deeper stack than there is, which depends on the value.
            return List.of(new Violation("", "cannot be validated: " + e));
        }
    }

    /** Returns the first field that breaks a rule, in the order of their names; empty if the value is valid. */
    public Optional<BrokenField> firstBroken(JsonNode value) {
        return schema.validate(value).stream().map(this::broken).min(Comparator.comparing(BrokenField::field));
    }

    private BrokenField broken(ValidationMessage message) {
        String field = dotted(message.getInstanceLocation().toString());
        JsonNode rule = json.at(message.getEvaluationPath().getParent().toString());
        if (message.getProperty() == null) {
            return new BrokenField(field, rule.path(DESCRIPTION).asText(), message.getInstanceNode());
        }
        // A property that is missing, or one too many, is told of at the object it should or should not be in.
        JsonNode properties = rule.path("properties");
        String description = properties.path(message.getProperty()).path(DESCRIPTION)
                .asText("left out: the fields are " + properties.properties().stream().map(Map.Entry::getKey).toList());
        return new BrokenField(field + (field.isEmpty() ? "" : ".") + message.getProperty(), description,
                message.getInstanceNode().path(message.getProperty()));
    }

    private static String dotted(String pointer) {
        return pointer.replaceAll("/(\\d+)(?=/|$)", "[$1]").replaceFirst("^/", "").replace('/', '.');
    }

    /** What the property named by {@value #KEY} says, null if there is none. */
    public String keyOf(JsonNode value) {
        return json.has(KEY) ? value.path(json.get(KEY).textValue()).textValue() : null;
    }
}
