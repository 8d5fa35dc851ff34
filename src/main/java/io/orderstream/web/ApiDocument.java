package io.orderstream.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.smallrye.openapi.api.SmallRyeOpenAPI;

/**
 * Completes the OpenAPI document, when the application is built, with what the classes do not tell: the schemas of bodies that
 * are read by a JSON schema, the errors each call may have, and which fields are always there.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDocument implements OASFilter {

    private static final List<String> BODIES = List.of("schemas/envelope/envelope.json", "schemas/item-order.json",
            "schemas/redrive.json");
    private static final int ERRORS = 400;

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getComponents().getSchemas().values().forEach(ApiDocument::require);
        bodies().forEach(document.getComponents()::addSchema);
        document.getPaths().getPathItems().values().forEach(path -> path.getOperations().forEach(ApiDocument::complete));
    }

    /** Of what an answer has, all is always there that cannot be null. */
    private static void require(Schema schema) {
        if (schema.getProperties() != null) {
            schema.getProperties().entrySet().stream().filter(property -> !mayBeNull(property.getValue()))
                    .forEach(property -> schema.addRequired(property.getKey()));
        }
    }

    private static boolean mayBeNull(Schema schema) {
        return schema.getType() != null && schema.getType().contains(Schema.SchemaType.NULL)
                || schema.getAnyOf() != null && schema.getAnyOf().stream().anyMatch(ApiDocument::mayBeNull);
    }

    /** The JSON schemas, by their titles. */
    private static Map<String, Schema> bodies() {
        ObjectMapper json = new ObjectMapper();
        ObjectNode document = json.createObjectNode().put("openapi", "3.1.0");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        for (String file : BODIES) {
            try (InputStream schema = Thread.currentThread().getContextClassLoader().getResourceAsStream(file)) {
                JsonNode body = json.readTree(schema);
                schemas.set(body.get("title").asText(), body);
            } catch (IOException e) {
                throw new UncheckedIOException(file, e);
            }
        }
        byte[] bytes = document.toString().getBytes(StandardCharsets.UTF_8);
        return new TreeMap<>(SmallRyeOpenAPI.builder().withCustomStaticFile(() -> new ByteArrayInputStream(bytes))
                .enableModelReader(false).enableStandardStaticFiles(false).enableAnnotationScan(false)
                .enableStandardFilter(false).build().model().getComponents().getSchemas());
    }

    private static void complete(PathItem.HttpMethod method, Operation operation) {
        List<Parameter> parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
        parameters.stream().filter(parameter -> parameter.getSchema() == null)
                .forEach(parameter -> parameter.setSchema(OASFactory.createSchema().addType(Schema.SchemaType.STRING)));
        addErrors(operation, parameters);
        if (method != PathItem.HttpMethod.GET) {
            add(operation.getResponses(), "403", "This is not allowed");
            add(operation.getResponses(), "429", "These are too many requests; Retry-After says when there may be more");
        }
        Map<String, APIResponse> responses = operation.getResponses().getAPIResponses();
        responses.forEach((status, response) -> {
            if (status.equals(APIResponses.DEFAULT) || Integer.parseInt(status) >= ERRORS) {
                response.setContent(problem());
            }
        });
        operation.getResponses().setAPIResponses(new TreeMap<>(responses));
    }

    private static void addErrors(Operation operation, List<Parameter> parameters) {
        APIResponses responses = operation.getResponses();
        if (operation.getRequestBody() != null || parameters.stream().anyMatch(each -> each.getIn() == Parameter.In.QUERY)) {
            add(responses, "400", "The request is malformed");
        }
        if (operation.getSecurity() != null) {
            add(responses, "401", "The credentials of an operator are needed");
        }
        if (parameters.stream().anyMatch(each -> each.getIn() == Parameter.In.PATH)) {
            add(responses, "404", "There is nothing of this name");
        }
        if (operation.getRequestBody() != null) {
            add(responses, "413", "The body is too large");
            add(responses, "415", "The body must be of the type application/json");
        }
        add(responses, APIResponses.DEFAULT, "Any other error");
    }

    private static void add(APIResponses responses, String status, String description) {
        if (!responses.hasAPIResponse(status)) {
            responses.addAPIResponse(status, OASFactory.createAPIResponse().description(description));
        }
    }

    private static Content problem() {
        return OASFactory.createContent().addMediaType(Problem.MEDIA_TYPE,
                OASFactory.createMediaType().schema(OASFactory.createSchema().ref("Problem")));
    }
}
