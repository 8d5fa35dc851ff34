package io.orderstream.schema;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

import org.apache.avro.Schema;

import io.orderstream.schema.RegistryAccess.Node;
import io.orderstream.support.BoundedHttp;
import io.orderstream.support.BoundedHttp.Answer;
import io.orderstream.support.DaemonThreads;
import io.orderstream.support.Failures;
import io.orderstream.support.TlsFailure;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SSLOptions;

/**
 * Client of the REST API of Confluent's Schema Registry, for Avro schemas.
 * <p>
 * Each {@code Uni} sends its request on every subscription. It fails only with {@link RegistryRejectedException} if
 * the registry rejects the request, or {@link RegistryUnavailableException} if no node gave a usable response. A
 * request goes to each node at most once, beginning with the one that answered last. A node that does not know what
 * was asked for may be behind the others: only if none knows it, the request is rejected. Thread safe, never blocks.
 * <p>
 * Answers are read on threads of this client, of which there are few: one that takes long keeps nobody else from anything,
 * least
 * of all the event loop of who asked. Results arrive there.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
public class RegistryClient {

    /**
     * Bytes of an answer that are read. Confluent's registry keeps schemas in a Kafka topic, where a record has at most 1 MiB
     * unless that is changed.
     */
    static final int LARGEST_ANSWER = 2 * 1024 * 1024;

    /** Most tokens of JSON in an answer, a schema in it being one. */
    private static final int MOST_TOKENS = 200_000;

    /** Most subjects of a schema that are looked at. */
    private static final int MOST_VERSIONS = 1_000;

    /** A schema with all it refers to may take so many times as long as an answer. */
    static final int ANSWERS_IN_TIME = 12;

    private static final int THREADS = 2;
    private static final int IDLE_SECONDS = 10;

    private static final int LONGEST_MESSAGE = 300;
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
     * @param reader what the answer says; may throw what the client fails with
     */
    private record Request<A, T>(String path, JsonObject body, Class<A> answer, Function<A, T> reader) {
    }

    private final BoundedHttp http;
    private final RegistryAccess access;
    private final AtomicInteger preferred = new AtomicInteger();
    /** Its threads end by themselves when there is nothing to do. */
    private final ThreadPoolExecutor readers = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), task -> DaemonThreads.named("schema-registry", task));

    /** @param http is closed with this client */
    RegistryClient(BoundedHttp http, RegistryAccess access) {
        this.http = http;
        this.access = access;
        readers.allowCoreThreadTimeOut(true);
    }

    /** Uses these keys and certificates for the connections it opens from now on. */
    void renew(SSLOptions tls) {
        http.renew(tls);
    }

    void close() {
        http.close();
    }

    /** Registers a schema and returns its id; has no effect if it is registered already. */
    public Uni<Integer> register(String subject, Schema schema) {
        return send(byContent(subjectPath(subject) + "/versions", schema));
    }

    /** Returns the id of a schema that is registered under the subject. */
    public Uni<Integer> lookup(String subject, Schema schema) {
        return send(byContent(subjectPath(subject), schema));
    }

    /** Fetches the schema with this id, and the schemas it refers to. */
    public Uni<Schema> schemaById(int id) {
        String name = "schema id " + id;
        return send(new Request<>("/schemas/ids/" + id, null, JsonObject.class, answer -> RegisteredSchema.of(name, answer)))
                .chain(schema -> new SchemaReferences(name, this::version).resolve(schema))
                .ifNoItem().after(whole()).failWith(() -> new RegistryUnavailableException(
                        "%s and what it refers to are not there within %d ms".formatted(name, whole().toMillis())));
    }

    private Duration whole() {
        return access.timeout().multipliedBy(ANSWERS_IN_TIME).multipliedBy(access.nodes().size());
    }

    /** Whether the registry still knows this id; fails like a request for it if it does not. */
    Uni<Void> confirm(int id) {
        return send(new Request<>("/schemas/ids/" + id, null, JsonObject.class, Function.identity())).replaceWithVoid();
    }

    /** Completes if there is any subject; rejected as unknown if no node has one. */
    Uni<Void> confirmAnySubject() {
        return send(new Request<>("/subjects", null, JsonArray.class, subjects -> {
            if (subjects.isEmpty()) {
                throw new RegistryRejectedException(404, 404, "it has no subjects");
            }
            return subjects;
        })).replaceWithVoid();
    }

    private Uni<RegisteredSchema> version(String subject, int version) {
        // A version that is deleted softly stays readable for those that refer to it.
        return send(
                new Request<>("%s/versions/%d?deleted=true".formatted(subjectPath(subject), version), null, JsonObject.class,
                        answer -> RegisteredSchema.of("version %d of subject '%s'".formatted(version, subject), answer)));
    }

    /** Finds the subjects and versions under which the schema with this id is registered. */
    public Uni<List<SchemaVersion>> versionsOf(int id) {
        return send(new Request<>("/schemas/ids/" + id + "/versions", null, JsonArray.class,
                answer -> answer.stream().flatMap(RegistryClient::version).limit(MOST_VERSIONS).toList()));
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

    private static Request<JsonObject, Integer> byContent(String path, Schema schema) {
        return new Request<>(path, new JsonObject().put("schema", schema.toString()), JsonObject.class, RegistryClient::id);
    }

    private static int id(JsonObject answer) {
        if (answer.getValue("id") instanceof Integer id && id >= 0) {
            return id;
        }
        throw new RegistryUnavailableException("the registry's answer has no id: " + excerpt(answer.toString()));
    }

    private <T> Uni<T> send(Request<?, T> request) {
        return Uni.createFrom().deferred(() -> sendFrom(preferred.get(), access.nodes().size(), request, null));
    }

    /** @param before what the nodes asked before have answered, null if this is the first */
    private <T> Uni<T> sendFrom(int node, int nodesLeft, Request<?, T> request, RuntimeException before) {
        return ask(access.nodes().get(node), request)
                .invoke(() -> preferred.set(node))
                .onFailure(RegistryClient::isForOthersToo).recoverWithUni(failure -> {
                    RuntimeException soFar = both(before, (RuntimeException) failure);
                    return nodesLeft == 1 ? Uni.createFrom().failure(soFar)
                            : sendFrom((node + 1) % access.nodes().size(), nodesLeft - 1, request, soFar);
                });
    }

    /** Another node may answer, or know what this one does not. */
    private static boolean isForOthersToo(Throwable failure) {
        return failure instanceof RegistryUnavailableException
                || failure instanceof RegistryRejectedException rejection && rejection.isUnknown();
    }

    /** A node that has answered that it does not know says more than one that has not answered. */
    private static RuntimeException both(RuntimeException before, RuntimeException last) {
        if (before == null) {
            return last;
        }
        RuntimeException failure = before instanceof RegistryRejectedException ? before : last;
        RuntimeException other = failure == before ? last : before;
        if (failure instanceof RegistryRejectedException rejection && other instanceof RegistryUnavailableException) {
            failure = rejection.butNotByAll();
        }
        failure.addSuppressed(other);
        return failure;
    }

    private <A, T> Uni<T> ask(Node node, Request<A, T> asked) {
        String url = node.url() + asked.path();
        return Uni.createFrom().deferred(() -> {
            RequestOptions options = new RequestOptions().setAbsoluteURI(url)
                    .setMethod(asked.body() == null ? HttpMethod.GET : HttpMethod.POST)
                    .putHeader("User-Agent", "orderstream").putHeader("Accept", MEDIA_TYPE + ", application/json");
            node.credentials().ifPresent(credentials -> options.putHeader("Authorization", credentials.header()));
            Buffer body = asked.body() == null ? null : asked.body().toBuffer();
            if (body != null) {
                options.putHeader("Content-Type", MEDIA_TYPE);
            }
            return http.send(options, body);
        }).emitOn(readers).map(answer -> interpret(url, answer, asked))
                .onFailure(failure -> !(failure instanceof RegistryUnavailableException
                        || failure instanceof RegistryRejectedException))
                .transform(failure -> new RegistryUnavailableException(url + ": " + excerpt(TlsFailure.isIn(failure)
                        ? TlsFailure.sentence(failure)
                        : failure.toString()), failure));
    }

    private static <A, T> T interpret(String url, Answer answer, Request<A, T> asked) {
        int status = answer.status();
        if (status / 100 == 2) {
            refuseTooLarge(url, answer);
            return asked.reader().apply(json(answer, asked.answer()).orElseThrow(() -> new RegistryUnavailableException(
                    url + ": the answer is not a " + asked.answer().getSimpleName())));
        }
        Optional<JsonObject> body = json(answer, JsonObject.class);
        int errorCode = body.map(b -> b.getValue("error_code")).filter(Number.class::isInstance).map(Number.class::cast)
                .map(Number::intValue).orElse(status);
        String message = excerpt(body.map(b -> b.getValue("message")).map(Object::toString).orElse(answer.reason()));
        // A 404 without one of the registry's error codes comes from a wrong path or another server; taking it for
        // "unknown schema" would dead-letter good records.
        if (status == 409 || status == 422 || status == 404 && errorCode / 100 == 404) {
            throw new RegistryRejectedException(status, errorCode, message);
        }
        throw new RegistryUnavailableException("%s: HTTP %d%s: %s".formatted(url, status, advice(status), message));
    }

    /** What to do about an answer that will be the same until somebody changes a setting. */
    private static String advice(int status) {
        if (status == 401 || status == 403) {
            return ", its user and password or SCHEMA_REGISTRY_TOKEN are missing or wrong";
        }
        return status / 100 == 3 ? ", redirects are not followed" : "";
    }

    /** JSON is the registry's, and will be as large when it is asked again; anything else comes from another server. */
    private static void refuseTooLarge(String url, Answer answer) {
        if (answer.isCut()) {
            String problem = "%s: the answer is larger than %d bytes".formatted(url, LARGEST_ANSWER);
            boolean isJson = answer.body().length() > 0 && "{[".indexOf(answer.body().getByte(0)) >= 0;
            throw isJson ? new RegistryRejectedException(answer.status(), answer.status(), problem)
                    : new RegistryUnavailableException(problem);
        }
    }

    private static <T> Optional<T> json(Answer answer, Class<T> type) {
        try {
            if (!SchemaLimits.isWithin(answer.body().getBytes(), MOST_TOKENS)) {
                return Optional.empty();
            }
            return Optional.ofNullable(Json.decodeValue(answer.body())).filter(type::isInstance).map(type::cast);
        } catch (RuntimeException | StackOverflowError e) {
            // For instance a proxy's HTML error page; the caller decides what a missing body means.
            return Optional.empty();
        }
    }

    /** The beginning of a text of the registry as a single line, for headers and the log. */
    static String excerpt(String text) {
        String line = Failures.oneLine(text == null ? "" : text.substring(0, Math.min(text.length(), 2 * LONGEST_MESSAGE)));
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "\u2026";
    }
}
