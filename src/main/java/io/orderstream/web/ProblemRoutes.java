package io.orderstream.web;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.orderstream.support.LogText;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;

/**
 * Answers, with a {@link Problem}, to requests that get to no resource or leave it with an unexpected failure: Quarkus would
 * answer with an empty body, a page in HTML or a shape of its own, and log an error for a client that has gone. Quarkus' own
 * endpoints and its handling of authentication stay as they are. A request that is no HTTP at all, has too long a line or
 * header or a malformed URI is answered by Vert.x or Quarkus before any route, with a status only.
 * <p>
 * On the management port it answers to malformed requests, for each of which Quarkus would log an error with a stack trace, and
 * keeps pages of other origins from reading.
 */
@ApplicationScoped
public class ProblemRoutes {

    private static final Logger LOG = Logger.getLogger(ProblemRoutes.class);
    /** Behind all resources, and before the page in HTML that dev mode has for an unknown path. */
    private static final int LAST = 1_000_000;
    private static final int FIRST = RouteConstants.ROUTE_ORDER_BEFORE_DEFAULT;
    /** Filters of application.properties that set headers of data. */
    private static final List<String> FILTERS = List.of("content", "data");

    private final ObjectMapper json;
    private final String ofQuarkus;
    private final Map<String, String> headers;

    @Inject
    ProblemRoutes(ObjectMapper json,
            @ConfigProperty(name = "quarkus.http.non-application-root-path", defaultValue = "q") String ofQuarkus,
            VertxHttpConfig http) {
        this(json, ofQuarkus, headers(http));
    }

    /** @param headers of all answers that have none of these names yet */
    ProblemRoutes(ObjectMapper json, String ofQuarkus, Map<String, String> headers) {
        this.json = json;
        this.ofQuarkus = ofQuarkus.startsWith("/") ? ofQuarkus : "/" + ofQuarkus;
        this.headers = Map.copyOf(headers);
    }

    private static Map<String, String> headers(VertxHttpConfig http) {
        Map<String, String> headers = new HashMap<>();
        http.header().forEach((name, header) -> headers.put(name, header.value()));
        FILTERS.forEach(filter -> headers.putAll(http.filter().get(filter).header()));
        return headers;
    }

    void add(@Observes Router router) {
        // Before Quarkus, which answers without a body.
        router.route().order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1).failureHandler(this::failed);
        router.route().order(LAST).handler(this::notFound);
        // Quarkus 3.30 looks there for the name of a library, and fails if none follows.
        router.routeWithRegex("/(webjars|_static)/[^/]*").order(FIRST).handler(this::notFound);
        addLast(router);
    }

    void add(@Observes ManagementInterface management) {
        Router router = management.router();
        // Quarkus 3.30 lets pages of all origins read there, by a route without a name, and has no setting against it. To remove it
        // is no use: Vert.x 4.5 does not find one of several routes of the same order.
        router.getRoutes().stream().filter(route -> route.toString().contains(CorsHandler.class.getSimpleName()))
                .forEach(Route::disable);
        router.route().order(Integer.MIN_VALUE).failureHandler(this::failedToManage);
        addLast(router);
    }

    private void addLast(Router router) {
        // What is below Quarkus' path, and is not there either, or has a path that is none.
        Stream.of(HttpResponseStatus.BAD_REQUEST, HttpResponseStatus.NOT_FOUND).map(HttpResponseStatus::code)
                .forEach(status -> router.errorHandler(status, request -> answer(request, Problem.of(status))));
    }

    private void notFound(RoutingContext request) {
        if (isOfQuarkus(request)) {
            request.next();
        } else {
            answer(request, Problem.of(HttpResponseStatus.NOT_FOUND.code()));
        }
    }

    private void failed(RoutingContext request) {
        HttpServerResponse response = request.response();
        if (isOfQuarkus(request) && !isOfClient(request.statusCode()) || isOfAuthentication(request.failure())) {
            request.next();
        } else if (response.ended() || response.closed()) {
            gone(request, request.failure());
        } else if (response.headWritten()) {
            log(request, UUID.randomUUID().toString());
            // A response that ends as usual would look complete.
            request.request().connection().close();
        } else {
            answer(request, problem(request));
        }
    }

    /** Before all else Quarkus reads the body of what is no GET, though nobody asks for one there. */
    private void failedToManage(RoutingContext request) {
        boolean isUnread = !request.request().isEnded() && !RequestGuard.READING.contains(request.request().method());
        if (request.response().ended() || request.response().closed()) {
            gone(request, request.failure());
        } else if (isUnread) {
            // What is malformed Vert.x closes as well, in general before an answer is sent.
            RequestGuard.closeAfterwards(request);
            answer(request, Problem.of(
                    isOfClient(request.statusCode()) ? request.statusCode() : HttpResponseStatus.BAD_REQUEST.code()));
        } else if (isOfClient(request.statusCode())) {
            answer(request, Problem.of(request.statusCode()));
        } else {
            request.next();
        }
    }

    private static boolean isOfClient(int status) {
        return HttpStatusClass.valueOf(status) == HttpStatusClass.CLIENT_ERROR;
    }

    private static Problem problem(RoutingContext request) {
        int status = request.statusCode() >= HttpResponseStatus.BAD_REQUEST.code() ? request.statusCode()
                : HttpResponseStatus.INTERNAL_SERVER_ERROR.code();
        if (status < HttpResponseStatus.INTERNAL_SERVER_ERROR.code() || request.failure() == null) {
            return Problem.of(status);
        }
        String id = UUID.randomUUID().toString();
        log(request, id);
        return Problem.of(status, "the server has failed, its log says why: id=" + id);
    }

    private static void log(RoutingContext request, String id) {
        Throwable failure = request.failure();
        if (failure instanceof IOException || failure instanceof HttpClosedException) {
            // While reading from the client or writing to it
            gone(request, failure);
        } else {
            LOG.errorf(failure, "request failed: method=%s path=%s id=%s", LogText.value(request.request().method()),
                    LogText.value(request.request().path()), id);
        }
    }

    private static void gone(RoutingContext request, Throwable failure) {
        LOG.debugf(failure, "client does not wait for its answer: path=%s", LogText.value(request.request().path()));
    }

    /** Ends a request with a problem. A client that is gone does not hear of it. */
    void answer(RoutingContext request, Problem problem) {
        HttpServerResponse response = request.response();
        // What fails before all routes has none of them yet.
        headers.entrySet().stream().filter(header -> !response.headers().contains(header.getKey()))
                .forEach(header -> response.putHeader(header.getKey(), header.getValue()));
        response.setStatusCode(problem.status()).putHeader(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(text(problem)).onFailure(failure -> gone(request, failure));
    }

    private String text(Problem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isOfQuarkus(RoutingContext request) {
        String path = request.request().path();
        return path != null && (path.equals(ofQuarkus) || path.startsWith(ofQuarkus + "/"));
    }

    private static boolean isOfAuthentication(Throwable failure) {
        return failure instanceof AuthenticationException || failure instanceof UnauthorizedException
                || failure instanceof ForbiddenException;
    }
}
