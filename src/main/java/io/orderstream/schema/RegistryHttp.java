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
 * Sends one request to the first node of the registry that answers, and tells a refusal from an outage.
 * <p>
 * Every node is asked at most once per request, beginning with the one that answered last. Any thread may call; nothing blocks.
 */
final class RegistryHttp {

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

    /** What is asked, and of which type the answer is. */
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
     * @param path below a node's url, encoded, with a leading slash
     * @param body null for none
     * @return the body of a success; fails with {@link RegistryRejectedException} or {@link RegistryUnavailableException}, and
     *         with nothing else
     */
    Uni<JsonObject> send(HttpMethod method, String path, JsonObject body) {
        return send(new Request<>(method, path, body, JsonObject.class));
    }

    /** Asks for what is a list: as {@link #send}. */
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
                // The client's own timeout starts anew with every byte; this one bounds the whole answer.
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
     * A 404 counts only with one of the registry's own codes: without, it is the answer of something that is no registry, or of
     * a wrong path, and taking it for "unknown schema" would condemn good data.
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
            // An error page of a proxy, perhaps; the caller says what the missing body means.
            return Optional.empty();
        }
    }
}
