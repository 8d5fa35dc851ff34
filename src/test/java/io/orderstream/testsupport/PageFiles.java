package io.orderstream.testsupport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The files of the page, as a browser gets them: the page itself, what it names, and what its modules import. */
public final class PageFiles {

    private static final Pattern NAMED = Pattern.compile("<(?:link|script|img)[^>]* (?:href|src)=\"([^\"]+)\"");
    private static final Pattern IMPORTED = Pattern.compile("(?m)^import (?:[^;']* from )?'([^']+)'");

    private final URI page;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<URI, HttpResponse<byte[]>> files = new TreeMap<>();

    private PageFiles(URI page) {
        this.page = page;
    }

    /**
     * Gets all files, compressed if the server does that.
     *
     * @param page address of the page
     */
    public static Map<URI, HttpResponse<byte[]>> of(URI page) {
        PageFiles found = new PageFiles(page);
        found.get();
        return found.files;
    }

    private void get() {
        Queue<URI> wanted = new ArrayDeque<>();
        wanted.add(page);
        while (!wanted.isEmpty()) {
            URI next = wanted.remove();
            HttpResponse<byte[]> answer = get(http, next);
            files.put(next, answer);
            // What a module draws is relative to the page.
            Stream.of(next.equals(page) ? NAMED : IMPORTED).flatMap(link -> link.matcher(text(answer)).results())
                    .map((MatchResult link) -> next.resolve(link.group(1)))
                    .filter(file -> !files.containsKey(file) && !wanted.contains(file)).forEach(wanted::add);
        }
    }

    /** Asks for a file as browsers do. */
    public static HttpResponse<byte[]> get(HttpClient http, URI file) {
        try {
            return http.send(HttpRequest.newBuilder(file).header("Accept-Encoding", "gzip, deflate, br").build(),
                    BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("no answer from " + file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What an answer says, whether it is compressed or not. */
    public static String text(HttpResponse<byte[]> answer) {
        boolean isCompressed = answer.headers().firstValue("Content-Encoding").filter("gzip"::equals).isPresent();
        try (ByteArrayInputStream bytes = new ByteArrayInputStream(answer.body())) {
            return new String((isCompressed ? new GZIPInputStream(bytes) : bytes).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("cannot be read: " + answer.uri(), e);
        }
    }
}
