package io.orderstream.schema;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

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
 * Sends requests to the registry with failover between its nodes, and tells a rejection from an outage.
 * <p>
 * A request goes to each node at most once, beginning with the one that answered last. Thread safe, never blocks.
 */
final class RegistryHttp {

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    /** A request, with the JSON type its response must have. */
    private record Request<T>(HttpMethod method, String path, JsonObject body, Class<T> answer) {
    }

    private final WebClient http;
    private final RegistryAccess access;
    private final AtomicInteger preferred = new AtomicInteger();

    RegistryHttp(WebClient http, RegistryAccess access) {
        this.http = http;
        this.access = access;
    }

    /**
     * @param path below a node's URL, percent-encoded, with a leading slash
     * @param body null for none
     * @return the body of a 2xx response; fails only with {@link RegistryRejectedException} or
     *         {@link RegistryUnavailableException}
     */
    Uni<JsonObject> send(HttpMethod method, String path, JsonObject body) {
        return send(new Request<>(method, path, body, JsonObject.class));
    }

    /** Sends a GET whose response is a JSON array; fails like {@link #send(HttpMethod, String, JsonObject)}. */
    Uni<JsonArray> list(String path) {
        return send(new Request<>(HttpMethod.GET, path, null, JsonArray.class));
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
        HttpRequest<Buffer> request = http.requestAbs(asked.method(), url)
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
                .onFailure(failure -> !isOurs(failure))
                .transform(failure -> new RegistryUnavailableException(url + ": " + failure, failure));
    }

    private static boolean isOurs(Throwable failure) {
        return failure instanceof RegistryUnavailableException || failure instanceof RegistryRejectedException;
    }

    private static <T> T interpret(String url, HttpResponse<Buffer> response, Class<T> answer) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return json(response, answer).orElseThrow(
                    () -> new RegistryUnavailableException(url + ": the answer is not a " + answer.getSimpleName()));
        }
        Optional<JsonObject> body = json(response, JsonObject.class);
        int errorCode = body.map(b -> b.getValue("error_code")).map(RegistryHttp::asInt).orElse(status);
        String message = body.map(b -> b.getValue("message")).map(Object::toString).orElseGet(response::statusMessage);
        if (isRefusal(status, errorCode)) {
            throw new RegistryRejectedException(status, errorCode, message);
        }
        throw new RegistryUnavailableException("%s: HTTP %d: %s".formatted(url, status, message));
    }

    /**
     * Whether the registry itself rejects the request. A 404 without one of its error codes comes from a wrong path
     * or another server; taking it for "unknown schema" would dead-letter good records.
     */
    private static boolean isRefusal(int status, int errorCode) {
        return switch (status) {
            case 404 -> errorCode / 100 == 404;
            case 409, 422 -> true;
            default -> false;
        };
    }

    private static Integer asInt(Object value) {
        return value instanceof Number number ? number.intValue() : null;
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
