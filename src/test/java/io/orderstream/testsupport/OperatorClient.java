package io.orderstream.testsupport;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Redrives over HTTP, as an operator does. */
public final class OperatorClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/api/dead-letters/redrive";
    private static final int UNAVAILABLE = 503;

    private final String url;
    private final String credentials;
    private final HttpClient http = HttpClient.newHttpClient();

    /** An answer; what is no JSON is a missing node. */
    public record Answer(int status, HttpHeaders headers, JsonNode body) {

        public String text(String field) {
            return body.path(field).asText();
        }
    }

    /**
     * @param url where the application listens
     * @param credentials {@code user:password}, or null to send none
     */
    public OperatorClient(String url, String credentials) {
        this.url = url.replaceAll("/$", "") + PATH;
        this.credentials = credentials;
    }

    /** Waits for an instance that has just started: it takes no redrive before it has read the jobs there are. */
    public void awaitJobsRead(Duration timeout) {
        await().atMost(timeout).until(() -> redrive("{\"filter\":{},\"dryRun\":true}").status() != UNAVAILABLE);
    }

    /** Asks for a redrive. */
    public Answer redrive(String body) {
        return call("POST", "", body);
    }

    public Answer jobs() {
        return call("GET", "", null);
    }

    public Answer job(String id) {
        return call("GET", "/" + id, null);
    }

    public Answer stop(String id) {
        return call("DELETE", "/" + id, null);
    }

    public Answer resume(String id) {
        return call("POST", "/" + id + "/resume", null);
    }

    private Answer call(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).method(method,
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (credentials != null) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()));
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new AssertionError("no answer from " + url + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
