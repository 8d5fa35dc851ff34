package io.orderstream.schema;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;

/**
 * Client of the REST API of Confluent's Schema Registry, for Avro schemas.
 * <p>
 * Each {@code Uni} sends its request on every subscription. It fails only with {@link RegistryRejectedException} if
 * the registry rejects the request permanently, or {@link RegistryUnavailableException} if no node gave a usable
 * response. A request goes to each node at most once, beginning with the one that answered last. Thread safe, never
 * blocks; results arrive on a Vert.x or Mutiny thread.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
public class RegistryClient {

    private static final String AVRO = "AVRO";
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    /** A version of a subject in the registry. */
    public record SchemaVersion(String subject, int version) {
    }

    /**
     * A POST, or without a body a GET.
     *
     * @param path below a node's URL, percent-encoded, with a leading slash
     * @param body null for none
     * @param answer JSON type the body of a 2xx response must have
     */
    private record Request<T>(String path, JsonObject body, Class<T> answer) {
    }

    private final WebClient http;
    private final RegistryAccess access;
    private final AtomicInteger preferred = new AtomicInteger();

    /** @param http is closed with this client */
    RegistryClient(WebClient http, RegistryAccess access) {
        this.http = http;
        this.access = access;
    }

    void close() {
        http.close();
    }

    /** Registers a schema and returns its id; has no effect if it is registered already. */
    public Uni<Integer> register(String subject, Schema schema) {
        return send(byContent(subjectPath(subject) + "/versions", schema)).map(RegistryClient::id);
    }

    /** Returns the id of a schema that is registered under the subject. */
    public Uni<Integer> lookup(String subject, Schema schema) {
        return send(byContent(subjectPath(subject), schema)).map(RegistryClient::id);
    }

    /** Fetches the schema with this id. */
    public Uni<Schema> schemaById(int id) {
        return send(new Request<>("/schemas/ids/" + id, null, JsonObject.class)).map(answer -> schema(id, answer));
    }

    /** Finds the subjects and versions under which the schema with this id is registered. */
    public Uni<List<SchemaVersion>> versionsOf(int id) {
        return send(new Request<>("/schemas/ids/" + id + "/versions", null, JsonArray.class))
                .map(answer -> answer.stream().flatMap(RegistryClient::version).toList());
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

    private static Request<JsonObject> byContent(String path, Schema schema) {
        return new Request<>(path, new JsonObject().put("schema", schema.toString()), JsonObject.class);
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

    private <T> Uni<T> send(Request<T> request) {
        return Uni.createFrom().deferred(() -> sendFrom(preferred.get(), access.urls().size(), request));
    }

    private <T> Uni<T> sendFrom(int node, int nodesLeft, Request<T> request) {
        Uni<T> answer = ask(access.urls().get(node) + request.path(), request)
                .onItemOrFailure().invoke((item, failure) -> {
                    if (!(failure instanceof RegistryUnavailableException)) {
                        preferred.set(node);
                    }
                });
        if (nodesLeft == 1) {
            return answer;
        }
        int next = (node + 1) % access.urls().size();
        return answer.onFailure(RegistryUnavailableException.class)
                .recoverWithUni(failure -> sendFrom(next, nodesLeft - 1, request)
                        .onFailure().invoke(last -> last.addSuppressed(failure)));
    }

    private <T> Uni<T> ask(String url, Request<T> asked) {
        HttpRequest<Buffer> request = http.requestAbs(asked.body() == null ? HttpMethod.GET : HttpMethod.POST, url)
                .timeout(access.timeout().toMillis())
                .connectTimeout(access.timeout().toMillis())
                .putHeader("Accept", MEDIA_TYPE + ", application/json");
        access.credentials().ifPresent(c -> request.basicAuthentication(c.user(), c.password()));
        Uni<HttpResponse<Buffer>> response = asked.body() == null ? request.send()
                : request.putHeader("Content-Type", MEDIA_TYPE).sendBuffer(Buffer.newInstance(asked.body().toBuffer()));
        return response
                // The client's own timeout restarts with every byte received; this one bounds the whole response.
                .ifNoItem().after(access.timeout())
                .failWith(() -> new RegistryUnavailableException(
                        "%s: no answer within %d ms".formatted(url, access.timeout().toMillis())))
                .map(answer -> interpret(url, answer, asked.answer()))
                .onFailure(failure -> !(failure instanceof RegistryUnavailableException
                        || failure instanceof RegistryRejectedException))
                .transform(failure -> new RegistryUnavailableException(url + ": " + failure, failure));
    }

    private static <T> T interpret(String url, HttpResponse<Buffer> response, Class<T> answer) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return json(response, answer).orElseThrow(
                    () -> new RegistryUnavailableException(url + ": the answer is not a " + answer.getSimpleName()));
        }
        Optional<JsonObject> body = json(response, JsonObject.class);
        int errorCode = body.map(b -> b.getValue("error_code")).filter(Number.class::isInstance).map(Number.class::cast)
                .map(Number::intValue).orElse(status);
        String message = body.map(b -> b.getValue("message")).map(Object::toString).orElseGet(response::statusMessage);
        // A 404 without one of the registry's error codes comes from a wrong path or another server; taking it for
        // "unknown schema" would dead-letter good records.
        if (status == 409 || status == 422 || status == 404 && errorCode / 100 == 404) {
            throw new RegistryRejectedException(status, errorCode, message);
        }
        throw new RegistryUnavailableException("%s: HTTP %d: %s".formatted(url, status, message));
    }

    private static <T> Optional<T> json(HttpResponse<Buffer> response, Class<T> type) {
        try {
            return Optional.ofNullable(response.bodyAsString()).map(Json::decodeValue).filter(type::isInstance).map(type::cast);
        } catch (RuntimeException e) {
            // For instance a proxy's HTML error page; the caller decides what a missing body means.
            return Optional.empty();
        }
    }
}
