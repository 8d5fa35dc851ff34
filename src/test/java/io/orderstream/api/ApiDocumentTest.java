package io.orderstream.api;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.event.Events;
import io.orderstream.testsupport.Answer;
import io.orderstream.testsupport.ApiClient;
import io.orderstream.testsupport.ApiDescription;
import io.orderstream.testsupport.EventStream;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.KafkaAndRegistry;
import io.orderstream.testsupport.OperatorClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The OpenAPI document says of the API what there is. RestContractTest holds it to many more answers. */
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(KafkaAndRegistry.class)
class ApiDocumentTest {

    /** Only in dev mode. */
    private static final String DEV = " /api/dev";
    private static final String STREAM = "text/event-stream";

    @TestHTTPResource
    String url;

    private ApiClient api;
    private OperatorClient operator;
    private JsonNode document;
    private ApiDescription description;

    @BeforeEach
    void read() {
        api = new ApiClient(url);
        operator = new OperatorClient(url, HalfFailing.CREDENTIALS);
        operator.awaitJobsRead(PATIENCE);
        document = api.get("/q/openapi?format=json").body();
        description = new ApiDescription(document);
    }

    @Test
    void shouldDescribeEachPathAndMethodThereIsAndNoOther() throws IOException {
        // Given
        List<String> there = Files.readAllLines(Path.of("src/test/resources/contract/rest.txt")).stream()
                .map(line -> line.replaceAll(" consumes .*", "")).filter(operation -> !operation.contains(DEV)).toList();

        // Then
        assertThat(description.operations()).filteredOn(operation -> !operation.contains(DEV))
                .containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void shouldSayWhatEachOperationIsFor() {
        assertThat(document.at("/info/title").asText()).isEqualTo("orderstream");
        assertThat(document.at("/info/description").asText()).isNotEmpty();
        assertThat(document.at("/info/license/name").asText()).isEqualTo("Apache-2.0");
        assertThat(document.get("openapi").asText()).startsWith("3.1");
        assertThat(description.operations()).allSatisfy(name -> {
            JsonNode operation = description.operation(name);
            assertThat(operation.path("summary").asText()).as(name).contains(" ");
            assertThat(operation.path("tags")).as(name).hasSize(1);
            operation.path("parameters").forEach(parameter -> {
                assertThat(parameter.path("description").asText()).isNotEmpty();
                assertThat(parameter.at("/schema/type").asText()).isNotEmpty();
            });
            assertThat(operation.at("/responses/default/content")).as(name).hasSize(1);
        });
    }

    /** Of two classes of the same name, which may change places, one would be numbered. */
    @Test
    void shouldNameEachSchemaByItself() {
        assertThat(document.at("/components/schemas").fieldNames()).toIterable().contains("OrderStats", "Problem", "Redrive")
                .noneMatch(name -> name.matches(".*\\d"));
    }

    @Test
    void shouldSayWhichOperationsTakeAnOperator() {
        // When
        Map<String, List<String>> bySecurity = description.operations().stream()
                .filter(operation -> description.operation(operation).has("security"))
                .collect(Collectors.groupingBy(operation -> description.operation(operation).get("security").toString()));
        List<String> closed = bySecurity.get("[{\"operator\":[]}]");

        // Then
        assertThat(bySecurity).hasSize(2).containsEntry("[{},{\"operator\":[]}]",
                List.of("POST /api/events", "POST /api/item-orders"));
        assertThat(closed).containsExactly("DELETE /api/dead-letters/redrive/{id}", "POST /api/dead-letters/redrive",
                "POST /api/dead-letters/redrive/{id}/resume");
        assertThat(document.at("/components/securitySchemes")).hasSize(1);
        JsonNode scheme = document.at("/components/securitySchemes/operator");
        assertThat(scheme.get("type").asText() + " " + scheme.get("scheme").asText()).isEqualTo("http basic");
    }

    /** Whatever changes something asks for an operator, or is named here, and so is held to POST_NEEDS_OPERATOR. */
    @Test
    void shouldLetNobodyButAnOperatorChangeAnythingButPublish() {
        // Given
        SortedSet<String> changes = description.operations();
        changes.removeIf(operation -> operation.startsWith("GET ") || operation.contains(DEV));

        // Then
        assertThat(changes).hasSizeGreaterThanOrEqualTo(5).allSatisfy(operation -> {
            String[] call = operation.replaceAll("\\{\\w+}", "x").split(" ");
            boolean isPublishing = operation.equals("POST /api/events") || operation.equals("POST /api/item-orders");
            assertThat(api.call(call[0], call[1], "{}").status()).as(operation).isEqualTo(isPublishing ? 400 : 401);
            for (String status : List.of("401", "403", "429")) {
                assertThat(description.operation(operation).get("responses").has(status)).as(operation + status).isTrue();
            }
        });
    }

    @Test
    void shouldDescribeWhatEachGetAnswers() {
        // Given
        String job = operator.redrive("{\"filter\":{\"key\":\"none has this key\"}}").text("id");
        await().atMost(PATIENCE).until(() -> operator.job(job).text("state").equals("finished"));
        Map<String, List<String>> names = Map.of("{id}", List.of(job), "{name}", List.of("events", "item-orders", "orders"));
        SortedSet<String> operations = description.operations();
        operations.removeIf(operation -> !operation.startsWith("GET ") || operation.contains(DEV));

        // Then
        assertThat(operations).hasSizeGreaterThan(8).allSatisfy(operation -> {
            if (description.operation(operation).at("/responses/200/content").has(STREAM)) {
                return;
            }
            String template = operation.substring("GET ".length());
            String variable = names.keySet().stream().filter(template::contains).findFirst().orElse("");
            Stream<String> paths = names.getOrDefault(variable, List.of("")).stream()
                    .map(value -> variable.isEmpty() ? template : template.replace(variable, value));
            assertThat(paths).allSatisfy(path -> {
                Answer answer = api.get(path);
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(description.faults(operation, answer)).as(answer.body().toString()).isEmpty();
            });
        });
    }

    @Test
    void shouldDescribeWhatIsStreamed() {
        try (EventStream stream = new EventStream(url)) {
            await().atMost(PATIENCE).until(() -> !stream.events("stats").isEmpty());
            assertThat(description.faults("GET /api/stream", stream.events("stats").get(0).data())).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({ "GET, /api/tracker/stats, ?limit=0, 400", "GET, /api/dead-letters, ?kind=x, 400",
            "GET, /api/pipelines/{name}/stats, , 404", "GET, /api/dead-letters/redrive/{id}, , 404",
            "POST, /api/events, , 400", "POST, /api/item-orders, , 400", "POST, /api/dead-letters/redrive, , 401",
            "POST, /api/dead-letters/redrive/{id}/resume, , 401" })
    void shouldDescribeErrors(String method, String path, String query, int status) {
        // When
        String called = path + (query == null ? "" : query);
        Answer answer = method.equals("GET") ? api.get(called.replaceAll("\\{\\w+}", "x"))
                : api.post(called.replaceAll("\\{\\w+}", "x"), "{}");

        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(description.operation(method + " " + path).get("responses").has(Integer.toString(status))).isTrue();
        assertThat(description.faults(method + " " + path, answer)).isEmpty();
    }

    @Test
    void shouldDescribeErrorsItDoesNotForesee() {
        assertThat(description.faults("POST /api/events", api.post("/api/events", new byte[] { '{', '}' }, "text/plain")))
                .isEmpty();
        assertThat(description.faults("GET /api/orders/stats", api.post("/api/orders/stats", "{}"))).isEmpty();
    }

    @Test
    void shouldDescribeTheBodiesThatAreAccepted() {
        assertThat(description.accepts("POST /api/events", json(Events.event("file-added", "an-id", "a-file").encode())))
                .isTrue();
        assertThat(description.accepts("POST /api/events", json("{\"eventId\":\"an-id\"}"))).isFalse();
        assertThat(description.accepts("POST /api/item-orders",
                json("{\"order_id\":\"1\",\"user\":\"dora\",\"item\":\"tea\",\"quantity\":1}"))).isTrue();
        assertThat(description.accepts("POST /api/item-orders",
                json("{\"order_id\":\"1\",\"user\":\"dora\",\"item\":\"tea\",\"quantity\":0}"))).isFalse();
        assertThat(description.accepts("POST /api/dead-letters/redrive", json("{\"filter\":{},\"dryRun\":true}"))).isTrue();
        assertThat(description.accepts("POST /api/dead-letters/redrive", json("{\"filter\":{\"knd\":\"poison\"}}"))).isFalse();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
