package io.orderstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

/** What there is to record of answers: status, content type, headers, and fields with their types. */
public final class AnswerShapes {

    /** Fields whose own fields have names that are data. */
    private static final Set<String> MAPS = Set.of("types", "kinds", "topics", "skipped");
    private static final Set<String> OPAQUE = Set.of("decoded");
    /** Of any answer: PageFilesTest looks at them. */
    private static final Set<String> USUAL_HEADERS = Set.of("content-length", "content-type", "content-encoding",
            "transfer-encoding", "content-security-policy", "x-content-type-options", "referrer-policy");

    private static final Pattern OPERATION = Pattern.compile("[A-Z]+ [^ ?]+");

    private final SortedSet<String> lines = new TreeSet<>();
    private ApiDescription description;

    /** From now on, an answer of an operation that is described has to be as described. */
    public void holdTo(ApiDescription api) {
        description = api;
    }

    /** Adds an answer, and returns it. */
    public Answer add(String request, Answer answer) {
        check(request, answer);
        String name = request + " " + answer.status();
        lines.add(name + " " + answer.header("content-type"));
        answer.headers().map().keySet().stream().filter(header -> !USUAL_HEADERS.contains(header))
                .forEach(header -> lines.add(name + " header " + header));
        add(name, answer.body());
        return answer;
    }

    private void check(String request, Answer answer) {
        Matcher operation = OPERATION.matcher(request);
        if (description != null && operation.lookingAt() && description.operations().contains(operation.group())) {
            assertThat(description.faults(operation.group(), answer)).as(answer.body().toString()).isEmpty();
        }
    }

    /** Adds JSON, or a part of it. */
    public void add(String name, JsonNode json) {
        JsonShape.of(json, MAPS, OPAQUE).forEach(line -> lines.add(name + " " + line));
    }

    public SortedSet<String> lines() {
        return lines;
    }
}
