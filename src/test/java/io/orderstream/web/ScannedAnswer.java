package io.orderstream.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An answer as a scanner sees it.
 *
 * @param request what was asked, for messages
 * @param headers names in lower case
 */
record ScannedAnswer(String request, URI uri, int status, Map<String, List<String>> headers, String body) {

    private static final Pattern TAG = Pattern.compile("<[a-zA-Z][^>]*>");

    /** @param text the bytes that were sent, as ISO 8859-1; empty if there is no answer, whose status is 0 then */
    static ScannedAnswer of(String request, URI uri, String text) {
        if (text.isEmpty()) {
            return new ScannedAnswer(request, uri, 0, Map.of(), "");
        }
        int end = text.indexOf("\r\n\r\n");
        String head = end < 0 ? text : text.substring(0, end);
        Map<String, List<String>> headers = Stream.of(head.split("\r\n")).skip(1)
                .map(line -> line.split(":", 2)).collect(Collectors.groupingBy(line -> line[0].toLowerCase(Locale.ROOT),
                        TreeMap::new, Collectors.mapping(line -> line[1].strip(), Collectors.toList())));
        return new ScannedAnswer(request, uri, Integer.parseInt(head.split(" ")[1]), headers,
                end < 0 ? "" : text.substring(end + 4));
    }

    /** All values of a header, separated by commas; empty if there is none. */
    String header(String name) {
        return String.join(", ", headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    boolean has(String name) {
        return headers.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** A status alone, as Vert.x answers to what is no HTTP, has nothing a browser could do anything with. */
    boolean hasBody() {
        return !body.isEmpty() || has("content-type");
    }

    boolean isHtml() {
        return header("content-type").contains("html");
    }

    boolean isScript() {
        return header("content-type").contains("javascript");
    }

    /** A file of a library, as it is published. */
    boolean isOfLibrary() {
        return uri.getPath().startsWith("/webjars/") || uri.getPath().startsWith("/_static/");
    }

    /** The tags of HTML. */
    Stream<String> tags() {
        return isHtml() ? TAG.matcher(body).results().map(found -> found.group()) : Stream.empty();
    }
}
