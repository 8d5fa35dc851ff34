package io.orderstream.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.jboss.logging.Logger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.orderstream.dev.RegistryRoutes.Raw;
import io.orderstream.support.DaemonThreads;
import io.orderstream.support.LogText;

/**
 * Schema registry for dev mode and tests: Confluent's REST API for Avro schemas, on the loopback address.
 * <p>
 * Serves requests on two daemon threads until it is closed. Every deletion is soft; types other than AVRO and modes
 * other than READWRITE are not supported.
 */
public final class EmbeddedRegistry implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EmbeddedRegistry.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryRoutes routes;
    private final ExecutorService threads;
    private final HttpServer server;

    /**
     * Starts the registry.
     *
     * @param port port to listen on, 0 for any that is free
     * @param file JSON file that keeps the content across restarts, null to keep it in memory only
     * @throws IOException if the port cannot be bound
     * @throws IllegalStateException if the file cannot be read
     */
    public EmbeddedRegistry(int port, Path file) throws IOException {
        this.routes = new RegistryRoutes(new RegistryStore(file));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        this.threads = Executors.newFixedThreadPool(2, task -> DaemonThreads.named("embedded-registry", task));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The port the registry listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The value for {@code SCHEMA_REGISTRY_URL}. */
    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":" + port();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
                send(exchange, 200, routes.answer(LogText.value(exchange.getRequestMethod()), segments(exchange), query, body));
            } catch (RegistryError e) {
                send(exchange, e.status(), Map.of("error_code", e.code(), "message", e.getMessage()));
            } catch (RuntimeException e) {
                LOG.warnf(e, "The embedded registry failed: method=%s path=%s", LogText.value(exchange.getRequestMethod()),
                        LogText.value(exchange.getRequestURI().getPath()));
                send(exchange, 500, Map.of("error_code", 50001, "message", String.valueOf(e.getMessage())));
            }
        }
    }

    private static List<String> segments(HttpExchange exchange) {
        return Arrays.stream(exchange.getRequestURI().getRawPath().split("/")).filter(segment -> !segment.isEmpty())
                // URLDecoder decodes forms, where a plus is a space; in a path it is not.
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8)).toList();
    }

    private static void send(HttpExchange exchange, int status, Object answer) throws IOException {
        byte[] bytes = answer instanceof Raw raw ? raw.text().getBytes(StandardCharsets.UTF_8) : JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
