package io.orderstream.schema;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.ext.web.client.WebClient;

/**
 * Client of the REST API of Confluent's Schema Registry, for Avro schemas.
 * <p>
 * Each {@code Uni} sends its request on every subscription. It fails only with {@link RegistryRejectedException} if
 * the registry rejects the request permanently, or {@link RegistryUnavailableException} if no node gave a usable
 * response. Thread safe, never blocks; results arrive on a Vert.x or Mutiny thread.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
public class RegistryClient {

    private static final String AVRO = "AVRO";

    /** A version of a subject in the registry. */
    public record SchemaVersion(String subject, int version) {
    }

    private final RegistryHttp http;

    public RegistryClient(WebClient http, RegistryAccess access) {
        this.http = new RegistryHttp(http, access);
    }

    /** Registers a schema and returns its id; has no effect if it is registered already. */
    public Uni<Integer> register(String subject, Schema schema) {
        return http.send(HttpMethod.POST, subjectPath(subject) + "/versions", request(schema)).map(RegistryClient::id);
    }

    /** Returns the id of a schema that is registered under the subject. */
    public Uni<Integer> lookup(String subject, Schema schema) {
        return http.send(HttpMethod.POST, subjectPath(subject), request(schema)).map(RegistryClient::id);
    }

    /** Fetches the schema with this id. */
    public Uni<Schema> schemaById(int id) {
        return http.send(HttpMethod.GET, "/schemas/ids/" + id, null).map(answer -> schema(id, answer));
    }

    /** Finds the subjects and versions under which the schema with this id is registered. */
    public Uni<List<SchemaVersion>> versionsOf(int id) {
        return http.list("/schemas/ids/" + id + "/versions").map(answer -> answer.stream().flatMap(RegistryClient::version)
                .toList());
    }

    private static Stream<SchemaVersion> version(Object use) {
        return use instanceof JsonObject json && json.getValue("subject") instanceof String subject
                && json.getValue("version") instanceof Integer version ? Stream.of(new SchemaVersion(subject, version))
                        : Stream.empty();
    }

    private static String subjectPath(String subject) {
        // URLEncoder encodes for forms, where a space is a plus; in a path it must be %20.
        return "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static JsonObject request(Schema schema) {
        return new JsonObject().put("schema", schema.toString());
    }

    private static int id(JsonObject answer) {
        if (answer.getValue("id") instanceof Integer id && id >= 0) {
            return id;
        }
        throw new RegistryUnavailableException("the registry's answer has no id: " + answer);
    }

    private static Schema schema(int id, JsonObject answer) {
        if (!(answer.getValue("schema") instanceof String text)) {
            throw new RegistryUnavailableException("the registry's answer for schema id " + id + " has no schema");
        }
        Object type = answer.getValue("schemaType", AVRO);
        if (!AVRO.equals(type)) {
            throw new RegistryRejectedException(200, 200, "schema id " + id + " is of type " + type + ", not " + AVRO);
        }
        try {
            // Lenient, since the registry has already accepted the writer's names and defaults.
            return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
        } catch (RuntimeException e) {
            throw new RegistryRejectedException(200, 200, "schema id " + id + " cannot be parsed: " + e.getMessage());
        }
    }
}
