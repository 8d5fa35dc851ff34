package io.orderstream.dev;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.dev.RegistryStore.Registered;
import io.orderstream.dev.RegistryStore.Text;

/**
 * Routes requests of Confluent's REST API to the {@link RegistryStore}. Thread safe.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API</a>
 */
final class RegistryRoutes {

    /** A response body sent as it is; any other body is serialized as JSON. */
    record Raw(String text) {
    }

    /** What a route makes of the names in its path, and of the request's query and body. */
    private interface Answer {
        Object of(List<String> names, String query, byte[] body);
    }

    /** A method and a path, in which a star stands for a name. */
    private record Route(String method, List<String> path, Answer answer) {

        boolean leadsTo(List<String> asked) {
            return path.size() == asked.size() && IntStream.range(0, path.size())
                    .allMatch(i -> path.get(i).equals(NAME) || path.get(i).equals(asked.get(i)));
        }

        List<String> names(List<String> asked) {
            return IntStream.range(0, path.size()).filter(i -> path.get(i).equals(NAME)).mapToObj(asked::get).toList();
        }
    }

    private static final String NAME = "*";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryStore store;
    private final List<Route> routes;

    RegistryRoutes(RegistryStore store) {
        this.store = store;
        this.routes = Stream.of(subjects(), schemas(), settings()).flatMap(List::stream).toList();
    }

    private List<Route> subjects() {
        return List.of(route("GET", "/subjects", (names, query, body) -> store.subjects()),
                route("POST", "/subjects/*", (names, query, body) -> store.lookup(names.get(0), schema(body))),
                route("DELETE", "/subjects/*", (names, query, body) -> store.deleteSubject(names.get(0))),
                route("GET", "/subjects/*/versions", (names, query, body) -> store.versions(names.get(0))),
                route("POST", "/subjects/*/versions",
                        (names, query, body) -> Map.of("id", store.register(names.get(0), schema(body)))),
                route("GET", "/subjects/*/versions/*", (names, query, body) -> version(names, query)),
                route("DELETE", "/subjects/*/versions/*",
                        (names, query, body) -> store.deleteVersion(names.get(0), names.get(1))),
                route("GET", "/subjects/*/versions/*/schema",
                        (names, query, body) -> new Raw(version(names, query).text().schema())));
    }

    private List<Route> schemas() {
        return List.of(route("GET", "/schemas/types", (names, query, body) -> List.of("AVRO")),
                route("GET", "/schemas/ids/*", (names, query, body) -> store.schema(id(names.get(0)))),
                route("GET", "/schemas/ids/*/schema", (names, query, body) -> new Raw(store.schema(id(names.get(0))).schema())),
                route("GET", "/schemas/ids/*/subjects", (names, query, body) -> store.uses(id(names.get(0))).stream()
                        .map(Registered::subject).distinct().toList()),
                route("GET", "/schemas/ids/*/versions", (names, query, body) -> store.uses(id(names.get(0))).stream()
                        .map(use -> Map.of("subject", use.subject(), "version", use.version())).toList()));
    }

    private List<Route> settings() {
        return List.of(route("GET", "/", (names, query, body) -> Map.of()),
                route("GET", "/mode", (names, query, body) -> Map.of("mode", "READWRITE")),
                route("GET", "/mode/*", (names, query, body) -> Map.of("mode", "READWRITE")),
                route("GET", "/config", (names, query, body) -> Map.of("compatibilityLevel", store.globalLevel())),
                route("PUT", "/config", (names, query, body) -> setLevel(RegistryStore.ALL_SUBJECTS, body)),
                route("GET", "/config/*", (names, query, body) -> Map.of("compatibilityLevel", level(names.get(0), query))),
                route("PUT", "/config/*", (names, query, body) -> setLevel(names.get(0), body)),
                route("POST", "/compatibility/subjects/*/versions/*", (names, query, body) -> {
                    List<String> problems = store.problems(names.get(0), names.get(1), schema(body));
                    return Map.of("is_compatible", problems.isEmpty(), "messages", problems);
                }));
    }

    private static Route route(String method, String path, Answer answer) {
        return new Route(method, Stream.of(path.split("/")).filter(segment -> !segment.isEmpty()).toList(), answer);
    }

    /**
     * @param path decoded path segments
     * @param query query string without the question mark, may be empty
     * @return the response body
     * @throws RegistryError for any response other than 200
     */
    Object answer(String method, List<String> path, String query, byte[] body) {
        List<Route> there = routes.stream().filter(route -> route.leadsTo(path)).toList();
        if (there.isEmpty()) {
            throw notFound();
        }
        return there.stream().filter(route -> route.method().equals(method)).findFirst()
                .orElseThrow(() -> new RegistryError(405, "HTTP 405 Method Not Allowed: " + method))
                .answer().of(there.get(0).names(path), query, body);
    }

    private Map<String, String> setLevel(String subject, byte[] body) {
        String level = text(json(body), "compatibility", 42203);
        store.setLevel(subject, level);
        return Map.of("compatibility", level);
    }

    private CompatibilityLevel level(String subject, String query) {
        Optional<CompatibilityLevel> global = query.contains("defaultToGlobal=true") ? Optional.of(store.globalLevel())
                : Optional.empty();
        return store.level(subject).or(() -> global).orElseThrow(() -> new RegistryError(40408,
                "Subject '" + subject + "' does not have subject-level compatibility configured"));
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw notFound();
        }
    }

    private Registered version(List<String> names, String query) {
        return store.version(names.get(0), names.get(1), query.contains("deleted=true"));
    }

    private static Text schema(byte[] body) {
        JsonNode json = json(body);
        JsonNode type = json.path("schemaType");
        if (!type.isMissingNode() && !type.isNull() && !type.asText().equals("AVRO")) {
            throw new RegistryError(42201, "Only AVRO schemas are supported, got: " + type.asText());
        }
        List<SchemaReference> references = new ArrayList<>();
        json.path("references").forEach(each -> references.add(new SchemaReference(text(each, "name", 42201),
                text(each, "subject", 42201), each.path("version").asInt())));
        return new Text(text(json, "schema", 42201), references);
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new RegistryError(400, "The body is not JSON");
        }
    }

    private static String text(JsonNode json, String field, int errorCode) {
        if (!json.path(field).isTextual()) {
            throw new RegistryError(errorCode, "The body must have a text '" + field + "'");
        }
        return json.path(field).asText();
    }

    private static RegistryError notFound() {
        return new RegistryError(404, "HTTP 404 Not Found");
    }
}
