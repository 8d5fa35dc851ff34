package io.orderstream.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;

class RequestTagsTest {

    @ParameterizedTest
    @CsvSource({ "GET, 200, /api/orders/stats, GET, /api/orders/stats", "GET, 200, /my/own, GET, /my/own",
            "GET, 404, NOT_FOUND, GET, NOT_FOUND",
            "GET, 404, /api/dead-letters/redrive/{id}, GET, /api/dead-letters/redrive/{id}",
            "INVENTED, 405, /api/orders/stats, OTHER, /api/orders/stats", "INVENTED, 405, /api/x, OTHER, OTHER",
            "CONNECT, 404, /x:1, OTHER, OTHER", "OPTIONS, 200, /api/made-up, OPTIONS, OTHER", "GET, 400, /made/up, GET, OTHER",
            "GET, 400, /api/dead-letters, GET, /api/dead-letters",
            "GET, 400, /api/pipelines/{name}/history, GET, /api/pipelines/{name}/history",
            "GET, 400, /api/pipelines/made-up/history, GET, OTHER", "GET, 400, root, GET, root" })
    void shouldBoundWhatAClientCanMakeUp(String method, String status, String uri, String shownMethod, String shownUri) {
        // Given
        Meter.Id id = new Meter.Id("http.server.requests",
                Tags.of("method", method, "outcome", "ANY", "status", status, "uri", uri), null, null, Meter.Type.TIMER);

        // Then
        assertThat(new RequestTags().map(id).getTagsAsIterable()).containsExactlyElementsOf(
                Tags.of("method", shownMethod, "outcome", "ANY", "status", status, "uri", shownUri));
    }

    @Test
    void shouldLeaveOtherMetricsAlone() {
        // Given
        Meter.Id id = new Meter.Id("http.client.requests", Tags.of("method", "INVENTED"), null, null, Meter.Type.TIMER);

        // Then
        assertThat(new RequestTags().map(id)).isSameAs(id);
    }

    /** But those of dev mode, where nobody looks at them. */
    @Test
    void shouldKnowAllPathsOfTheApi() throws IOException {
        assertThat(RequestTags.PATHS).containsExactlyInAnyOrderElementsOf(
                Files.readAllLines(Path.of("src/test/resources/contract/rest.txt")).stream().map(line -> line.split(" ")[1])
                        .filter(path -> path.matches("/api/(?!dev).*") && !path.contains("{")).collect(Collectors.toSet()));
    }
}
