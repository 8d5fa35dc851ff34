package io.orderstream.web;

import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jetbrains.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.orderstream.json.Violation;
import io.orderstream.support.LogText;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Body of every answer that reports an error: problem details as in RFC 9457. What a client has sent appears in it only as
 * single lines of bounded length.
 *
 * @param type always {@code about:blank}: the status says what kind of problem it is
 * @param title the status in words
 * @param status the status
 * @param detail what is wrong, and what to mend
 * @param message the same, under the name it had before RFC 9457
 * @param stage extension for events: the stage of validation that failed
 * @param violations extension for events and item orders: the violations, at most 100
 * @param field extension for parameters and fields: its name
 * @param rule extension for parameters and fields: description of a valid value, such as {@code a whole number from 1 to 1000}
 * @param value extension for parameters and fields: the invalid value
 */
@RegisterForReflection(targets = { Problem.class, Violation.class })
@Schema(name = "Problem")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "type", "title", "status", "detail" })
public record Problem(String type, String title, int status, String detail, String message, @Nullable String stage,
        @Nullable List<Violation> violations, @Nullable String field, @Nullable String rule, @Nullable String value) {

    /** Media type of the body. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final int LONGEST_DETAIL = 4_000;
    private static final int LONGEST_VALUE = 300;
    private static final int MOST_VIOLATIONS = 100;

    /** A problem that its detail describes. */
    public static Problem of(int status, String detail) {
        return of(status, detail, null, null, null, null, null);
    }

    /** A problem of which only the status is known. */
    public static Problem of(int status) {
        return of(status, detail(status));
    }

    /** An event or item order that is not valid. */
    public static Problem invalid(int status, String detail, String stage, List<Violation> violations) {
        return of(status, detail, stage, violations.stream().limit(MOST_VIOLATIONS)
                .map(broken -> new Violation(shown(broken.path()), shown(broken.rule()))).toList(), null, null, null);
    }

    /** A parameter or field that is not valid. */
    public static Problem invalid(int status, String detail, String field, String rule, String value) {
        return of(status, detail, null, null, field, rule, value);
    }

    private static Problem of(int status, String detail, String stage, List<Violation> violations, String field, String rule,
            String value) {
        String line = LogText.line(detail, LONGEST_DETAIL);
        return new Problem("about:blank", HttpResponseStatus.valueOf(status).reasonPhrase(), status, line, line, stage,
                violations, field, rule, value);
    }

    /** Shortens what a client has sent. */
    public static String shown(String text) {
        return LogText.line(text, LONGEST_VALUE);
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "the request is malformed";
            case 401 -> "the credentials of an operator are needed";
            case 403 -> "this is not allowed";
            case 404 -> "there is nothing at this path";
            case 405 -> "the resource at this path does not have this method";
            case 406 -> "there is no answer of a type that the header Accept names";
            case 413 -> "the body is too large";
            case 415 -> "the body must be of the type application/json";
            case 500 -> "the server has failed, its log says why";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }
}
