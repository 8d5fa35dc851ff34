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

    /** By the path that is asked. */
    private static final Map<String, List<String>> KINDS = Map.of("/api/v1",
            List.of("ConfigMap", "Secret", "Service", "ServiceAccount", "Namespace"), "/apis/apps/v1",
            List.of("Deployment", "StatefulSet"), "/apis/policy/v1", List.of("PodDisruptionBudget"),
            "/apis/networking.k8s.io/v1", List.of("NetworkPolicy"));

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
        if (exchange.getRequestMethod().equals("POST")) {
            created.addAll(Manifest.parse(body));
            respond(exchange, 201, body);
        } else if (path.equals("/api")) {
            respond(exchange, 200, json("{'kind': 'APIVersions', 'versions': ['v1']}"));
        } else if (path.equals("/apis")) {
            respond(exchange, 200, json("{'kind': 'APIGroupList', 'apiVersion': 'v1', 'groups': %s}", KINDS.keySet().stream()
                    .filter(known -> known.startsWith("/apis/")).map(known -> group(known.split("/")[2])).toList()));
        } else if (KINDS.containsKey(path)) {
            respond(exchange, 200,
                    json("{'kind': 'APIResourceList', 'apiVersion': 'v1', 'groupVersion': '%s', 'resources': %s}",
                            path.replaceFirst("^/apis?/", ""), KINDS.get(path).stream().map(FakeCluster::resource).toList()));
        } else {
            respond(exchange, 404, json("{'kind': 'Status', 'apiVersion': 'v1', 'status': 'Failure', 'reason': 'NotFound', "
                    + "'code': 404, 'message': 'not found'}"));
        }
    }

    private static String group(String name) {
        return json("{'name': '%s', 'versions': [{'groupVersion': '%s/v1', 'version': 'v1'}]}", name, name);
    }

    private static String resource(String kind) {
        String name = kind.toLowerCase();
        String plural = name.endsWith("y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
        return json("{'name': '%s', 'singularName': '%s', 'namespaced': %s, 'kind': '%s', 'verbs': ['get', 'create', 'patch']}",
                plural, name, !kind.equals("Namespace"), kind);
    }

    private static String json(String format, Object... values) {
        return format.replace('\'', '"').formatted(values);
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
