package io.orderstream.dev;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.dev.RegistryStore.Registered;

/**
 * Maps the requests of Confluent's REST API to the store. Any thread may call.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">the API</a>
 */
final class RegistryRoutes {

    /** An answer that is sent as it is, where every other is a value to be written as JSON. */
    record Raw(String text) {
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryStore store;

    RegistryRoutes(RegistryStore store) {
        this.store = store;
    }

    /**
     * @param path decoded segments of the path
     * @param query everything behind the question mark, may be empty
     * @return the answer
     * @throws RegistryError for every answer that is not a success
     */
    Object answer(String method, List<String> path, String query, byte[] body) {
        String root = path.isEmpty() ? "" : path.get(0);
        List<String> rest = path.isEmpty() ? path : path.subList(1, path.size());
        return switch (root) {
            case "" -> Map.of();
            case "subjects" -> subjects(method, rest, body);
            case "schemas" -> schemas(method, rest);
            case "config" -> config(method, rest, query, body);
            case "compatibility" -> compatibility(method, rest, body);
            case "mode" -> Map.of("mode", "READWRITE");
            default -> throw notFound();
        };
    }

    private Object subjects(String method, List<String> path, byte[] body) {
        if (path.isEmpty()) {
            only("GET", method);
            return store.subjects();
        }
        String subject = path.get(0);
        if (path.size() == 1) {
            return switch (method) {
                case "POST" -> store.lookup(subject, schemaText(body));
                case "DELETE" -> store.deleteSubject(subject);
                default -> throw notAllowed(method);
            };
        }
        if (!path.get(1).equals("versions") || path.size() > 4) {
            throw notFound();
        }
        return path.size() == 2 ? versions(method, subject, body) : version(method, subject, path.subList(2, path.size()));
    }

    private Object versions(String method, String subject, byte[] body) {
        return switch (method) {
            case "GET" -> store.versions(subject);
            case "POST" -> Map.of("id", store.register(subject, schemaText(body)));
            default -> throw notAllowed(method);
        };
    }

    private Object version(String method, String subject, List<String> path) {
        if (path.size() == 2) {
            only("GET", method);
            only("schema", path.get(1));
            return new Raw(store.version(subject, path.get(0)).schema());
        }
        return switch (method) {
            case "GET" -> store.version(subject, path.get(0));
            case "DELETE" -> store.deleteVersion(subject, path.get(0));
            default -> throw notAllowed(method);
        };
    }

    private Object schemas(String method, List<String> path) {
        only("GET", method);
        if (path.equals(List.of("types"))) {
            return List.of("AVRO");
        }
        if (path.size() < 2 || path.size() > 3 || !path.get(0).equals("ids")) {
            throw notFound();
        }
        int id = id(path.get(1));
        return switch (path.size() == 2 ? "" : path.get(2)) {
            case "" -> Map.of("schema", store.schema(id));
            case "schema" -> new Raw(store.schema(id));
            case "subjects" -> store.uses(id).stream().map(Registered::subject).distinct().toList();
            case "versions" -> store.uses(id).stream()
                    .map(use -> Map.of("subject", use.subject(), "version", use.version())).toList();
            default -> throw notFound();
        };
    }

    private Object config(String method, List<String> path, String query, byte[] body) {
        if (path.size() > 1) {
            throw notFound();
        }
        if (method.equals("PUT")) {
            String level = text(body, "compatibility", 42203);
            store.setLevel(path.isEmpty() ? RegistryStore.ALL_SUBJECTS : path.get(0), level);
            return Map.of("compatibility", level);
        }
        only("GET", method);
        CompatibilityLevel level = path.isEmpty() ? store.globalLevel() : store.level(path.get(0)).orElseGet(() -> {
            if (query.contains("defaultToGlobal=true")) {
                return store.globalLevel();
            }
            throw new RegistryError(40408,
                    "Subject '" + path.get(0) + "' does not have subject-level compatibility configured");
        });
        return Map.of("compatibilityLevel", level);
    }

    private Object compatibility(String method, List<String> path, byte[] body) {
        if (path.size() != 4 || !path.get(0).equals("subjects") || !path.get(2).equals("versions")) {
            throw notFound();
        }
        only("POST", method);
        List<String> problems = store.problems(path.get(1), path.get(3), schemaText(body));
        return Map.of("is_compatible", problems.isEmpty(), "messages", problems);
    }

    private static int id(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw notFound();
        }
    }

    private static String schemaText(byte[] body) {
        return text(body, "schema", 42201);
    }

    private static String text(byte[] body, String field, int errorCode) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (IOException e) {
            throw new RegistryError(400, "The body is not JSON");
        }
        JsonNode type = json.path("schemaType");
        if (!type.isMissingNode() && !type.asText().equals("AVRO")) {
            throw new RegistryError(errorCode, "Only AVRO schemas are supported, got: " + type.asText());
        }
        if (!json.path(field).isTextual()) {
            throw new RegistryError(errorCode, "The body must have a text '" + field + "'");
        }
        return json.path(field).asText();
    }

    private static void only(String expected, String actual) {
        if (!expected.equals(actual)) {
            throw expected.equals("schema") ? notFound() : notAllowed(actual);
        }
    }

    private static RegistryError notFound() {
        return new RegistryError(404, "HTTP 404 Not Found");
    }

    private static RegistryError notAllowed(String method) {
        return new RegistryError(405, "HTTP 405 Method Not Allowed: " + method);
    }
}
