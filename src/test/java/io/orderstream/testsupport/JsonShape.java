package io.orderstream.testsupport;

import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/** The fields of JSON and their types, without values. */
public final class JsonShape {

    private final Set<String> maps;
    private final Set<String> opaque;
    private final SortedSet<String> lines = new TreeSet<>();

    private JsonShape(Set<String> maps, Set<String> opaque) {
        this.maps = maps;
        this.opaque = opaque;
    }

    /**
     * The shape, a line for each path and type, such as {@code $.partitions[].lag number}.
     *
     * @param maps fields whose own fields are named by data: each of these is {@code *}
     * @param opaque fields whose content is data
     */
    public static SortedSet<String> of(JsonNode json, Set<String> maps, Set<String> opaque) {
        JsonShape shape = new JsonShape(maps, opaque);
        shape.add("$", "", json);
        return shape.lines;
    }

    private void add(String path, String name, JsonNode json) {
        lines.add(path + " " + json.getNodeType().name().toLowerCase(Locale.ROOT));
        if (opaque.contains(name)) {
            return;
        }
        if (json.isArray()) {
            json.forEach(element -> add(path + "[]", "", element));
        }
        json.properties().forEach(
                field -> add(path + "." + (maps.contains(name) ? "*" : field.getKey()), field.getKey(), field.getValue()));
    }
}
