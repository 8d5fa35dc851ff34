package io.orderstream.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * As much of the API of Kubernetes as {@code kubectl apply} needs to send an object: which kinds there are, and that
 * none is there yet. It knows those of an empty cluster that are in use here, and no operator's.
 */
final class FakeCluster implements AutoCloseable {

    private static final Map<String, List<String>> KINDS = Map.of("v1",
            List.of("ConfigMap", "Secret", "Service", "ServiceAccount", "Namespace"), "apps/v1",
            List.of("Deployment", "StatefulSet"), "policy/v1", List.of("PodDisruptionBudget"), "networking.k8s.io/v1",
            List.of("NetworkPolicy"));

    private final HttpServer server;
    private final Queue<Manifest> created = new ConcurrentLinkedQueue<>();

    FakeCluster() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was sent to it. */
    List<Manifest> created() {
        return List.copyOf(created);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String group = path.replaceFirst("^/apis?/", "");
        if (exchange.getRequestMethod().equals("POST")) {
            created.addAll(Manifest.parse(body));
            respond(exchange, 201, body);
        } else if (path.equals("/api")) {
            respond(exchange, 200, "{\"kind\": \"APIVersions\", \"versions\": [\"v1\"]}");
        } else if (path.equals("/apis")) {
            respond(exchange, 200, "{\"kind\": \"APIGroupList\", \"apiVersion\": \"v1\", \"groups\": " + groups() + "}");
        } else if (KINDS.containsKey(group)) {
            respond(exchange, 200, "{\"kind\": \"APIResourceList\", \"apiVersion\": \"v1\", \"groupVersion\": \"" + group
                    + "\", \"resources\": " + KINDS.get(group).stream().map(FakeCluster::resource).toList() + "}");
        } else {
            respond(exchange, 404, "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", "
                    + "\"reason\": \"NotFound\", \"code\": 404, \"message\": \"not found\"}");
        }
    }

    private static List<String> groups() {
        return KINDS.keySet().stream().filter(version -> version.contains("/"))
                .map(version -> "{\"name\": \"" + version.replace("/v1", "") + "\", \"versions\": [{\"groupVersion\": \""
                        + version
                        + "\", \"version\": \"v1\"}]}")
                .toList();
    }

    private static String resource(String kind) {
        String name = kind.toLowerCase();
        String plural = name.endsWith("y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
        return "{\"name\": \"" + plural + "\", \"singularName\": \"" + name + "\", \"namespaced\": "
                + !kind.equals("Namespace") + ", \"kind\": \"" + kind + "\", \"verbs\": [\"get\", \"create\", \"patch\"]}";
    }

    private static void respond(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
