package io.orderstream.bench;

import java.util.HashMap;
import java.util.Map;

import io.orderstream.bench.OrderId.Kind;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * An HTTP endpoint for orders as a program: answers each after a while, without a thread that waits, and knows from its id
 * what becomes of it. Used on one event loop.
 */
public final class EndpointMain {

    static final String RUNNING = "endpoint runs";

    private static final int ANSWERS_AFTER_MILLIS = 20;
    private static final int FAILING_ATTEMPTS = 2;
    private static final long LATE_MICROS = 1_000_000;
    private static final double SECOND_NANOS = 1e9;
    private static final String ID = "\"orderId\":\"";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<Integer, Long> lastNanos = new HashMap<>();
    private Latencies latencies;
    private long startNanos;
    private long lastLateNanos;
    private long standstillNanos;
    private long twice;

    private EndpointMain() {
        reset();
    }

    /** @param args the port, and the process id of the program that wants it */
    public static void main(String[] args) {
        ProcessHandle.of(Long.parseLong(args[1])).orElseThrow().onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        EndpointMain endpoint = new EndpointMain();
        endpoint.vertx.createHttpServer().requestHandler(endpoint::take).listen(Integer.parseInt(args[0]), "localhost")
                .onSuccess(server -> System.out.println(RUNNING));
    }

    private void reset() {
        calls.clear();
        lastNanos.clear();
        latencies = new Latencies(0);
        twice = 0;
        mark();
    }

    private void mark() {
        startNanos = System.nanoTime();
        lastLateNanos = startNanos;
        standstillNanos = 0;
    }

    private void take(HttpServerRequest request) {
        switch (request.method().name()) {
            case "POST" -> request.body().onSuccess(body -> post(request.response(), body.toString()));
            case "DELETE" -> {
                reset();
                request.response().end();
            }
            case "PUT" -> {
                mark();
                request.response().end();
            }
            default -> request.response().end(latencies + " " + report());
        }
    }

    private String report() {
        return "standstill=" + standstillNanos / SECOND_NANOS + " caughtUp=" + (lastLateNanos - startNanos) / SECOND_NANOS
                + " twice=" + twice;
    }

    private void post(HttpServerResponse response, String body) {
        int from = body.indexOf(ID) + ID.length();
        String text = body.substring(from, body.indexOf('"', from));
        int status = answer(text, OrderId.of(text));
        vertx.setTimer(ANSWERS_AFTER_MILLIS, timer -> response.setStatusCode(status).end());
    }

    private int answer(String text, OrderId id) {
        int before = calls.merge(text, 1, Integer::sum) - 1;
        if (id.kind() == Kind.POISON) {
            return 422;
        }
        if (id.kind() == Kind.TRANSIENT) {
            return before % (FAILING_ATTEMPTS + 1) < FAILING_ATTEMPTS ? 500 : 200;
        }
        twice += before == 0 ? 0 : 1;
        latencies.add(text);
        if (id.micros() > 0) {
            arrived(id);
        }
        return 200;
    }

    private void arrived(OrderId id) {
        long now = System.nanoTime();
        Long last = lastNanos.put(id.partition(), now);
        standstillNanos = Math.max(standstillNanos, now - (last == null ? startNanos : last));
        if (OrderId.nowMicros() - id.micros() > LATE_MICROS) {
            lastLateNanos = now;
        }
    }
}
