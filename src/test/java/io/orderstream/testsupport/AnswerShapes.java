package io.orderstream.testsupport;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/** What there is to record of answers: status, content type, headers, and fields with their types. */
public final class AnswerShapes {

    /** Fields whose own fields have names that are data. */
    private static final Set<String> MAPS = Set.of("types", "kinds", "topics", "skipped");
    private static final Set<String> OPAQUE = Set.of("decoded");
    private static final Set<String> USUAL_HEADERS = Set.of("content-length", "content-type", "transfer-encoding");

    private final SortedSet<String> lines = new TreeSet<>();

    /** Adds an answer, and returns it. */
    public Answer add(String request, Answer answer) {
        String name = request + " " + answer.status();
        lines.add(name + " " + answer.header("content-type"));
        answer.headers().map().keySet().stream().filter(header -> !USUAL_HEADERS.contains(header))
                .forEach(header -> lines.add(name + " header " + header));
        add(name, answer.body());
        return answer;
    }

    /** Adds JSON, or a part of it. */
    public void add(String name, JsonNode json) {
        JsonShape.of(json, MAPS, OPAQUE).forEach(line -> lines.add(name + " " + line));
    }

    public SortedSet<String> lines() {
        return lines;
    }
}
