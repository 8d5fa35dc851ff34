package io.orderstream.web;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.PageFiles;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The files of the page, and the headers of every answer. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class PageFilesTest {

    private static final int MOST_BYTES = 400_000;

    @TestHTTPResource
    URI url;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void shouldBeSmallCompressedAndOfThisServer() {
        // When
        Map<URI, HttpResponse<byte[]>> files = PageFiles.of(url.resolve("/"));

        // Then
        assertThat(files.keySet()).extracting(URI::getPath).contains("/", "/page/app.js", "/page/chart.js", "/page/style.css",
                "/page/icon.svg", "/_static/lit-html/lit-html.js", "/webjars/uplot/dist/uPlot.esm.js");
        assertThat(files).allSatisfy((file, answer) -> {
            assertThat(file.getAuthority()).isEqualTo(url.getAuthority());
            assertThat(answer.statusCode()).as(file.toString()).isEqualTo(200);
            assertThat(answer.headers().allValues("Content-Encoding")).as(file.toString()).containsExactly("gzip");
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type(file.getPath()));
            // No copy hides a new version, and no instance confirms the copy of what another one has sent.
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-cache");
            assertThat(answer.headers().map()).doesNotContainKeys("last-modified", "etag");
        });
        assertThat(files.values().stream().mapToInt(answer -> answer.body().length).sum()).isBetween(1, MOST_BYTES);
    }

    private static String type(String path) {
        return path.endsWith(".js") ? "text/javascript"
                : path.endsWith(".css") ? "text/css" : path.endsWith(".svg") ? "image/svg+xml" : "text/html";
    }

    /** The policy lets none of it run, without a word but in the console. */
    @Test
    void shouldHaveNothingInline() {
        assertThat(PageFiles.of(url.resolve("/"))).allSatisfy((file, answer) -> {
            String text = PageFiles.text(answer);
            if (file.getPath().endsWith(".js")) {
                assertThat(text).doesNotContain("eval(", "new Function(");
            }
            if (file.getPath().startsWith("/page/") || file.getPath().equals("/")) {
                assertThat(text).doesNotContainPattern("<style|<script(?![^>]* src=)| style=| on[a-z]+=[\"']");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({ "/, 200", "/index.html, 200", "/page/app.js, 200", "/webjars/uplot/dist/uPlot.min.css, 200",
            "/api/orders/stats, 200", "/api/nothing, 404", "/nothing, 404", "/api/events, 405",
            "/api/tracker/stats?limit=0, 400",
            "/q/openapi, 200", "/webjars, 404", "/webjars/, 404", "/webjars/x, 404", "/webjars/uplot, 404", "/_static/, 404",
            "/_static/x/y.js, 404", "/page/../application.properties, 404" })
    void shouldTellBrowsersWhatTheyMayDoWithIt(String path, int status) {
        // When
        HttpResponse<byte[]> answer = PageFiles.get(http, url.resolve(path));

        // Then
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().allValues("Content-Security-Policy")).containsExactly(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
        assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(answer.headers().allValues("Cache-Control"))
                .containsExactly(path.matches("/(index.html|(page|webjars|_static)/(?!\\.\\.).*)?") ? "no-cache" : "no-store");
        assertThat(PassiveRule.scan(new ScannedAnswer("GET " + path, url.resolve(path), status,
                new TreeMap<>(answer.headers().map()), PageFiles.text(answer)))).isEmpty();
        if (status >= 400) {
            assertThat(answer.headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "/api/orders/stats", "/api/instances", "/api/pipelines", "/api/dead-letters",
            "/api/dead-letters/summary", "/api/dead-letters/redrive" })
    void shouldCompressJsonForThoseWhoAskForIt(String path) throws IOException {
        assertThat(PageFiles.get(http, url.resolve(path)).headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(head(path, "")).noneMatch(line -> line.startsWith("content-encoding: gzip"));
    }

    @Test
    void shouldNotHoldBackEventsToCompressThem() throws IOException {
        // When
        List<String> head = head("/api/stream", "Accept-Encoding: gzip\r\n");

        // Then
        assertThat(head).contains("content-type: text/event-stream")
                .noneMatch(line -> line.startsWith("content-encoding: gzip"));
        try (Socket client = request("/api/stream", "Accept-Encoding: gzip\r\n");
                BufferedReader lines = reader(client)) {
            await().atMost(PATIENCE).until(() -> lines.readLine().startsWith("data:"));
        }
    }

    /** The status and the headers, in lower case. */
    private List<String> head(String path, String headers) throws IOException {
        try (Socket client = request(path, headers); BufferedReader lines = reader(client)) {
            return lines.lines().takeWhile(line -> !line.isEmpty()).map(line -> line.toLowerCase(Locale.ROOT)).toList();
        }
    }

    private Socket request(String path, String headers) throws IOException {
        Socket client = new Socket(url.getHost(), url.getPort());
        client.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n").getBytes(StandardCharsets.UTF_8));
        return client;
    }

    private static BufferedReader reader(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    }
}
