package io.orderstream.bench;

import static io.orderstream.testsupport.Patience.PATIENCE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.JavaPrograms;
import io.orderstream.testsupport.Ports;

/** The endpoint for orders, in a JVM of its own. */
final class Endpoint implements AutoCloseable {

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port = Ports.free();
    private final AppProcess process = JavaPrograms.start(EndpointMain.class, List.of("-Xmx256m"), Map.of(),
            Integer.toString(port), Long.toString(ProcessHandle.current().pid()));

    Endpoint() {
        process.awaitLine(EndpointMain.RUNNING, PATIENCE);
    }

    /** Settings of a contender that posts its orders there. */
    Map<String, String> settings() {
        return Map.of("FULFILMENT_URL", url());
    }

    private String url() {
        return "http://localhost:" + port + "/";
    }

    /** It forgets what it has seen. */
    void reset() {
        send(HttpRequest.newBuilder(URI.create(url())).DELETE().build());
    }

    /** From now on it looks for standstills and late orders. */
    void mark() {
        send(HttpRequest.newBuilder(URI.create(url())).PUT(BodyPublishers.noBody()).build());
    }

    /** What it has seen since then, as {@code name=value}, separated by blanks. */
    String report() {
        return send(HttpRequest.newBuilder(URI.create(url())).build());
    }

    private String send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
