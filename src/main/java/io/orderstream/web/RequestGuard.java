package io.orderstream.web;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Refuses, before any resource is looked for, requests under a name that is not ours and requests that would change something
 * but come from a page of another origin, too often, too many at a time, or with a body that is too large, too slow or of no
 * stated type. What a request would do is not asked: all methods but GET, HEAD and OPTIONS are taken to change something, so
 * that no endpoint can be forgotten. On event loops.
 * <p>
 * A browser sends the credentials it knows with requests of any page, which is why the page is asked for. A body of the type
 * {@code application/json} cannot be sent by a page of another origin without asking first, by an OPTIONS request that nobody
 * grants; one of no type at all could.
 */
@ApplicationScoped
public class RequestGuard {

    /** Just before Quarkus, which answers a body that is too large without one of its own. */
    private static final int ORDER = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1;
    private static final int MOST_UNDER_WAY = 1_024;
    private static final long MOST_BYTES_UNDER_WAY = 64L * 1_024 * 1_024;
    /** Of a refused request so many bytes are read and dropped; of a longer one the connection ends, the answer perhaps too. */
    private static final long MOST_DROPPED = 1_024 * 1_024;
    private static final Duration BODY_TIME = Duration.ofSeconds(30);
    private static final int TRY_AGAIN_SECONDS = 1;
    static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final String SITE = "Sec-Fetch-Site";
    private static final String THIS_SITE = "same-origin";

    private final ProblemRoutes problems;
    private final Set<String> hosts;
    private final int perSecond;
    private final PostRate rate;
    private final long mostBytes;
    private final PostsUnderWay underWay;
    private final Duration bodyTime;

    @Inject
    RequestGuard(ProblemRoutes problems, HttpSettings settings,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "10M") Optional<MemorySize> mostBytes) {
        this(problems, settings, mostBytes.map(MemorySize::asLongValue).orElse(MOST_BYTES_UNDER_WAY), BODY_TIME);
    }

    /**
     * @param mostBytes of a body
     * @param bodyTime within which a body has to be here
     */
    RequestGuard(ProblemRoutes problems, HttpSettings settings, long mostBytes, Duration bodyTime) {
        this.problems = problems;
        this.hosts = settings.hosts().orElse(List.of()).stream().map(RequestGuard::name).collect(Collectors.toSet());
        this.perSecond = settings.maxPostsPerSecond();
        this.rate = new PostRate(perSecond, System.nanoTime());
        this.mostBytes = mostBytes;
        // One body at least
        this.underWay = new PostsUnderWay(MOST_UNDER_WAY, Math.max(mostBytes, MOST_BYTES_UNDER_WAY));
        this.bodyTime = bodyTime;
    }

    void add(@Observes Router router) {
        router.route().order(ORDER).handler(this::check);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!hosts.isEmpty() && (request.authority() == null || !hosts.contains(name(request.authority().host())))) {
            refuse(context, HttpResponseStatus.MISDIRECTED_REQUEST, "nothing is answered under this name, see HTTP_HOSTS");
        } else if (READING.contains(request.method())) {
            context.next();
        } else if (!isFromThisOrigin(request)) {
            refuse(context, HttpResponseStatus.FORBIDDEN, "only a page of this origin may do this");
        } else if (request.method().equals(HttpMethod.OPTIONS)) {
            context.next();
        } else {
            limit(context, bytes(request));
        }
    }

    private void limit(RoutingContext context, long bytes) {
        if (bytes > mostBytes) {
            refuse(context, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "the body has more than the " + mostBytes + " bytes that are accepted");
        } else if (bytes > 0 && context.request().getHeader(HttpHeaderNames.CONTENT_TYPE) == null) {
            refuse(context, Problem.of(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE.code()));
        } else if (!rate.take(System.nanoTime())) {
            refuseForNow(context, HttpResponseStatus.TOO_MANY_REQUESTS,
                    "no more than " + perSecond + " requests a second are taken here, see MAX_POSTS_PER_SECOND");
        } else if (!underWay.begin(bytes)) {
            refuseForNow(context, HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests, or bytes of them, are under way");
        } else {
            context.addEndHandler(answered -> underWay.end(bytes));
            if (bytes > 0) {
                limitTime(context);
            }
            context.next();
        }
    }

    /** A client that sends a byte now and then would keep others out. */
    private void limitTime(RoutingContext context) {
        long timer = context.vertx().setTimer(bodyTime.toMillis(), late -> {
            if (!context.request().isEnded() && !context.response().ended()) {
                closeAfterwards(context);
                problems.answer(context, Problem.of(HttpResponseStatus.REQUEST_TIMEOUT.code(),
                        "the body was not here within " + bodyTime.toSeconds() + " seconds"));
            }
        });
        context.addEndHandler(answered -> context.vertx().cancelTimer(timer));
    }

    private void refuseForNow(RoutingContext context, HttpResponseStatus status, String detail) {
        context.response().putHeader(HttpHeaderNames.RETRY_AFTER, Integer.toString(TRY_AGAIN_SECONDS));
        refuse(context, status, detail);
    }

    private void refuse(RoutingContext context, HttpResponseStatus status, String detail) {
        refuse(context, Problem.of(status.code(), detail));
    }

    private void refuse(RoutingContext context, Problem problem) {
        if (bytes(context.request()) > Math.min(mostBytes - 1, MOST_DROPPED)) {
            closeAfterwards(context);
        } else {
            // What nobody reads would be taken for the next request, or never come.
            context.request().resume();
        }
        problems.answer(context, problem);
    }

    /** Ends the connection with the answer: the rest of the body is not waited for. */
    static void closeAfterwards(RoutingContext context) {
        context.response().putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.addEndHandler(sent -> context.request().connection().close());
    }

    /** Of a body whose length is not said, as many as it may have. */
    private long bytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null) {
            // Of a length that is no number Vert.x does not get as far as this.
            return Long.parseLong(length);
        }
        return request.getHeader(HttpHeaderNames.TRANSFER_ENCODING) == null ? 0 : mostBytes;
    }

    private static boolean isFromThisOrigin(HttpServerRequest request) {
        return isFromThisOrigin(request.getHeader(SITE), request.getHeader(HttpHeaderNames.ORIGIN),
                request.authority() == null ? "" : request.authority().toString());
    }

    /** What is sent by no browser has neither of the first two. An older browser, or one without TLS, has the second only. */
    static boolean isFromThisOrigin(String site, String origin, String host) {
        return site != null ? site.equals(THIS_SITE) : origin == null || origin.replaceFirst("^https?://", "").equals(host);
    }

    /** An address of version 6 is in brackets, or not. */
    private static String name(String host) {
        return host.replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
    }
}
