package io.orderstream.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A registry with a schema for every attack, each under an id of its own. Whatever else it is asked, it does not answer well.
 */
public final class HostileRegistry implements AutoCloseable {

    private static final int LARGE = 900_001;
    private static final int RECURSIVE = 900_002;
    private static final int DEEP = 900_003;
    private static final int DOUBLING = 900_004;
    private static final int MANY_TOKENS = 900_005;
    private static final int NO_AVRO = 900_006;
    private static final int BYTE_BY_BYTE = 900_011;
    private static final int REFUSING = 900_012;
    private static final int REDIRECTING = 900_013;
    private static final int WRONG_TYPE = 900_014;
    private static final int NO_JSON = 900_015;

    /** Ids whose records can never be read. */
    public static final List<Integer> REFUSED = List.of(LARGE, RECURSIVE, DEEP, DOUBLING, MANY_TOKENS, NO_AVRO);
    /** Why not. */
    public static final List<String> REASONS = List.of("the answer is larger than 2097152 bytes", "contains itself without end",
            "nesting depth", "parts without bytes", "tokens of JSON", "is of type PROTOBUF");
    /** Ids of which nobody can tell: the registry may be well again later. */
    public static final List<Integer> WAITED_FOR = List.of(BYTE_BY_BYTE, REFUSING, REDIRECTING, WRONG_TYPE, NO_JSON);

    private static final String FIELD = "{\\\"name\\\": \\\"f%d\\\", \\\"type\\\": %s}";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile boolean isClosed;

    public HostileRegistry(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            int id = path.matches("/schemas/ids/\\d+") ? Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)) : 0;
            switch (id) {
                case BYTE_BY_BYTE -> byteByByte(exchange);
                case REFUSING -> send(exchange, 401, "");
                case REDIRECTING -> {
                    exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
                    send(exchange, 302, "");
                }
                default -> send(exchange, REFUSED.contains(id) || WAITED_FOR.contains(id) ? 200 : 503, body(id));
            }
        }
    }

    private static String body(int id) {
        return switch (id) {
            case LARGE -> schema("x".repeat(10_000_000));
            case RECURSIVE -> schema(record("Order", FIELD.formatted(0, "\\\"Order\\\"")));
            case DEEP -> schema("{\\\"type\\\": \\\"array\\\", \\\"items\\\": ".repeat(50_000));
            case DOUBLING -> schema(record("Order", IntStream.rangeClosed(0, 60).mapToObj(HostileRegistry::doubled)
                    .collect(Collectors.joining(", "))));
            case MANY_TOKENS -> schema("{\\\"type\\\": \\\"int\\\", \\\"x\\\": [" + "0,".repeat(200_000) + "0]}");
            case NO_AVRO -> "{\"schemaType\": \"PROTOBUF\", \"schema\": \"\"}";
            case WRONG_TYPE -> "{\"schema\": {\"type\": 5}}";
            default -> "\u0000<html>";
        };
    }

    private static String doubled(int depth) {
        String before = "\\\"R" + (depth - 1) + "\\\"";
        return FIELD.formatted(depth, record("R" + depth,
                depth == 0 ? "" : FIELD.formatted(0, before) + ", " + FIELD.formatted(1, before)));
    }

    private static String record(String name, String fields) {
        return "{\\\"type\\\": \\\"record\\\", \\\"name\\\": \\\"" + name + "\\\", \\\"fields\\\": [" + fields + "]}";
    }

    private static String schema(String text) {
        return "{\"schema\": \"" + text + "\"}";
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private void byteByByte(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        while (!isClosed) {
            out.write(' ');
            out.flush();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Override
    public void close() {
        isClosed = true;
        server.stop(0);
        threads.shutdownNow();
    }
}
