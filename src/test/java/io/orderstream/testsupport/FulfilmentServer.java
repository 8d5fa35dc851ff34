package io.orderstream.testsupport;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * A real HTTP endpoint for orders that a test can stop, slow down and break. Remembers every call it has taken. Thread safe.
 */
public final class FulfilmentServer implements AutoCloseable {

    private static final Duration BETWEEN_BYTES = Duration.ofMillis(20);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final int port = Ports.free();
    private volatile Function<Call, Reply> behaviour = call -> Reply.of(200);
    private volatile Consumer<HttpServerOptions> tls;
    private HttpServer server;

    /**
     * A call it has taken.
     *
     * @param idempotencyKey of its header, null if there is none
     * @param body what was posted
     * @param nanos when it came, by {@link System#nanoTime()}
     * @param uri path and query
     * @param contentType of its header, null if there is none
     * @param traceparent of its header, null if there is none
     * @param authorization of its header, null if there is none
     */
    public record Call(String idempotencyKey, String body, long nanos, String uri, String contentType, String traceparent,
            String authorization) {

        /** Whether it is for this order. */
        public boolean isOf(String orderId) {
            return body.contains("\"" + orderId + "\"");
        }
    }

    /**
     * What is answered.
     *
     * @param status HTTP status
     * @param headers further headers
     * @param once what has to happen before it is answered
     * @param after how long it takes from then on
     * @param body may be empty
     * @param ending how it ends
     */
    public record Reply(int status, Map<String, String> headers, CompletionStage<?> once, Duration after, String body,
            Ending ending) {

        private static final CompletionStage<?> AT_ONCE = CompletableFuture.completedStage(null);

        public static Reply of(int status) {
            return new Reply(status, Map.of(), AT_ONCE, Duration.ZERO, "", Ending.COMPLETE);
        }

        public Reply with(String header, String value) {
            return new Reply(status, Map.of(header, value), once, after, body, ending);
        }

        public Reply once(CompletionStage<?> event) {
            return new Reply(status, headers, event, after, body, ending);
        }

        public Reply after(Duration duration) {
            return new Reply(status, headers, once, duration, body, ending);
        }

        public Reply saying(String text) {
            return new Reply(status, headers, once, after, text, ending);
        }

        public Reply but(Ending how) {
            return new Reply(status, headers, once, after, body, how);
        }
    }

    /** How an answer ends. */
    public enum Ending {
        COMPLETE,
        /** The connection is closed in the middle of it. */
        CUT_OFF,
        /** Never: one more byte every now and then. */
        TRICKLING
    }

    /** Starts to listen: at first, or again on the same port. */
    public FulfilmentServer start() {
        HttpServerOptions options = new HttpServerOptions().setHost("localhost").setPort(port);
        if (tls != null) {
            tls.accept(options);
        }
        server = await(vertx.createHttpServer(options)
                .connectionHandler(this::count)
                .requestHandler(request -> request.body().onSuccess(body -> take(request, body.toString()))).listen());
        return this;
    }

    private void count(HttpConnection connection) {
        connections.incrementAndGet();
        connection.closeHandler(closed -> connections.decrementAndGet());
    }

    private void take(HttpServerRequest request, String body) {
        Call call = new Call(request.getHeader("Idempotency-Key"), body, System.nanoTime(), request.uri(),
                request.getHeader("Content-Type"), request.getHeader("traceparent"), request.getHeader("Authorization"));
        calls.add(call);
        Reply reply = behaviour.apply(call);
        Future.fromCompletionStage(reply.once(), vertx.getOrCreateContext()).onSuccess(now -> {
            if (reply.after().isZero()) {
                answer(request, reply);
            } else {
                vertx.setTimer(reply.after().toMillis(), timer -> answer(request, reply));
            }
        });
    }

    private void answer(HttpServerRequest request, Reply reply) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        switch (reply.ending()) {
            case COMPLETE -> response.end(reply.body());
            case CUT_OFF -> response.setChunked(true).write("part").onComplete(written -> request.connection().close());
            case TRICKLING -> {
                response.setChunked(true);
                long timer = vertx.setPeriodic(BETWEEN_BYTES.toMillis(), tick -> response.write("."));
                response.closeHandler(gone -> vertx.cancelTimer(timer));
            }
        }
    }

    /** From the next start on it speaks TLS. */
    public FulfilmentServer secured(Consumer<HttpServerOptions> with) {
        tls = with;
        return this;
    }

    /** Goes away: connections are closed, and further ones are refused. */
    public void stop() {
        await(server.close());
    }

    /** From now on, what is answered to a call. */
    public void answer(Function<Call, Reply> with) {
        behaviour = with;
    }

    /** Every call up to now, oldest first. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The calls up to now for an order. */
    public List<Call> calls(String orderId) {
        return calls.stream().filter(call -> call.isOf(orderId)).toList();
    }

    /** Connections open now. */
    public int connections() {
        return connections.get();
    }

    /** Where it listens, with a path. */
    public String url() {
        return (tls == null ? "http" : "https") + "://localhost:" + port + "/fulfilments";
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the endpoint for orders does not start or stop", e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
