package io.orderstream.support;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Reads and writes headers of Kafka records whose values are text in UTF-8. */
public final class TextHeaders {

    private TextHeaders() {
    }

    /** Returns the value of the last header of a name, null if there is no such header or its value is null. */
    public static String last(Headers headers, String name) {
        return text(headers.lastHeader(name));
    }

    /** Returns the value of the first header of a name, empty if there is no such header or its value is null. */
    public static Optional<String> first(Headers headers, String name) {
        Iterator<Header> found = headers.headers(name).iterator();
        return found.hasNext() ? Optional.ofNullable(text(found.next())) : Optional.empty();
    }

    private static String text(Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Adds a header behind those that are there. */
    public static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes all headers of a name, and adds this one. */
    public static void set(Headers headers, String name, String value) {
        add(headers.remove(name), name, value);
    }
}
