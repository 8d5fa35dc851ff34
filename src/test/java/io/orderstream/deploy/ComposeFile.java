package io.orderstream.deploy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/** docker-compose.yml, as it is when nothing is set in the environment of docker compose. */
final class ComposeFile {

    static final Path PATH = Path.of("docker-compose.yml");
    /** The service that is the application. */
    static final String APPLICATION = "orderstream";

    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{\\w+(:-([^}]*))?}");

    private final JsonNode document = Yaml.read(PATH);

    /** The services by name. */
    Map<String, JsonNode> services() {
        return Yaml.fields(document.path("services"));
    }

    /** A service, which must be there. */
    JsonNode service(String name) {
        return document.path("services").required(name);
    }

    /** The environment of a service; what is taken from that of docker compose has the value it has without one. */
    Map<String, String> environment(String service) {
        Map<String, String> environment = new LinkedHashMap<>();
        Yaml.fields(service(service).path("environment"))
                .forEach((name, value) -> environment.put(name, expand(value.asText())));
        return environment;
    }

    private static String expand(String value) {
        return VARIABLE.matcher(value)
                .replaceAll(match -> match.group(2) == null ? "" : Matcher.quoteReplacement(match.group(2)))
                .replace("$$", "$");
    }

    /** Names of the volumes that are declared. */
    Set<String> volumes() {
        return Yaml.fields(document.path("volumes")).keySet();
    }

    /** What is mounted into a service, as source, target and perhaps ro. */
    List<String[]> mounts(String service) {
        return Yaml.texts(service(service).path("volumes")).stream().map(mount -> mount.split(":")).toList();
    }

    /** The ports a service publishes, as address, port of this machine and port of the container. */
    List<String[]> ports(String service) {
        return Yaml.texts(service(service).path("ports")).stream().map(port -> port.split(":")).toList();
    }

    /** The command of a service's health check, as the container is given it. */
    List<String> healthCheck(String service) {
        return Yaml.texts(service(service).path("healthcheck").path("test")).stream().map(ComposeFile::expand).toList();
    }

    /** The services a service waits for. */
    Map<String, JsonNode> dependencies(String service) {
        return Yaml.fields(service(service).path("depends_on"));
    }
}
