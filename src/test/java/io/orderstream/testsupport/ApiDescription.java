package io.orderstream.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;

/** The OpenAPI document of the application, to which its answers are held. */
public final class ApiDescription {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode document;
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    /** @param document the document; of an answer that has other fields than it names, more is complained than it would */
    public ApiDescription(JsonNode document) {
        this.document = document.deepCopy();
        this.document.findParents("properties").forEach(ApiDescription::close);
    }

    private static void close(JsonNode schema) {
        if (schema.get("properties").isObject() && !schema.has("additionalProperties")) {
            ((ObjectNode) schema).put("unevaluatedProperties", false);
        }
    }

    /** Method and path of each operation, such as {@code GET /api/pipelines}. */
    public SortedSet<String> operations() {
        SortedSet<String> operations = new TreeSet<>();
        document.get("paths").properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
            if (METHODS.contains(method)) {
                operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }));
        return operations;
    }

    /** What the document says of an operation. */
    public JsonNode operation(String operation) {
        String[] parts = operation.split(" ", 2);
        return document.get("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
    }

    /** What is wrong with an answer, by what the document says of it; nothing if it is as described. */
    public List<String> faults(String operation, Answer answer) {
        JsonNode responses = operation(operation).path("responses");
        String status = Integer.toString(answer.status());
        JsonNode response = responses.has(status) ? responses.get(status) : responses.path("default");
        String type = answer.header("content-type").split(";")[0];
        JsonNode schema = response.path("content").path(type).path("schema");
        if (schema.isMissingNode()) {
            return List.of(operation + " is not said to answer " + status + " with " + type);
        }
        return faults(operation + " " + status, schema, answer.body());
    }

    /** The same for an event of a stream. */
    public List<String> faults(String operation, JsonNode event) {
        JsonNode schema = operation(operation).at("/responses/200/content/text~1event-stream/schema");
        return schema.isMissingNode() ? List.of(operation + " is not said to be a stream") : faults(operation, schema, event);
    }

    /** Whether the document says of a body that it is accepted. */
    public boolean accepts(String operation, JsonNode body) {
        return faults(operation, operation(operation).at("/requestBody/content/application~1json/schema"), body).isEmpty();
    }

    private List<String> faults(String name, JsonNode schema, JsonNode value) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.putArray("allOf").add(schema);
        root.set("components", document.get("components"));
        JsonSchema known = schemas.getSchema(root, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
        List<String> faults = new ArrayList<>();
        known.validate(value).stream().map(ValidationMessage::getMessage).forEach(fault -> faults.add(name + ": " + fault));
        return faults;
    }
}
