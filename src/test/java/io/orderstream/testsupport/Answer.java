package io.orderstream.testsupport;

import java.net.http.HttpHeaders;

import com.fasterxml.jackson.databind.JsonNode;

/** What the application answers over HTTP; what is no JSON is a missing node. */
public record Answer(int status, HttpHeaders headers, JsonNode body) {

    public String text(String field) {
        return body.path(field).asText();
    }

    /** The value of a header, empty if there is none. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
