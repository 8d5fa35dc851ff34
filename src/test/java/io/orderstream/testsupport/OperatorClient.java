package io.orderstream.testsupport;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Base64;

/** Redrives over HTTP, as an operator does. */
public final class OperatorClient {

    private static final String PATH = "/api/dead-letters/redrive";
    private static final int UNAVAILABLE = 503;

    private final ApiClient api;
    private final String credentials;

    /**
     * @param url where the application listens
     * @param credentials {@code user:password}, or null to send none
     */
    public OperatorClient(String url, String credentials) {
        this.api = new ApiClient(url);
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
        return api.call(method, PATH + path, body, credentials == null ? new String[0]
                : new String[] { "Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes()) });
    }
}
