package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

import io.orderstream.dev.EmbeddedRegistry;
import io.orderstream.order.Order;
import io.orderstream.record.UndecodableException;
import io.orderstream.schema.RegisteredSchema.Reference;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;

class SchemaReferencesTest {

    private static final String UNIT = "{\"type\": \"enum\", \"name\": \"Unit\", \"namespace\": \"shop\", \"symbols\": [\"KG\", \"PIECE\"]}";
    private static final String AMOUNT = "{\"type\": \"record\", \"name\": \"Amount\", \"namespace\": \"shop\", \"fields\": ["
            + "{\"name\": \"value\", \"type\": \"int\"}, {\"name\": \"unit\", \"type\": \"Unit\"}]}";
    private static final String ORDER = "{\"type\": \"record\", \"name\": \"Order\", \"namespace\": \"shop\", \"fields\": ["
            + "{\"name\": \"orderId\", \"type\": \"string\"}, {\"name\": \"product\", \"type\": \"string\"},"
            + "{\"name\": \"price\", \"type\": \"double\"}, {\"name\": \"amount\", \"type\": \"Amount\"},"
            + "{\"name\": \"unit\", \"type\": \"Unit\"}]}";

    private final Map<String, RegisteredSchema> registered = new HashMap<>();

    @Test
    void shouldDecodeARecordWhoseSchemaRefersToOthers() throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        try (EmbeddedRegistry registry = new EmbeddedRegistry(0, null)) {
            // Given
            RegistryClient client = Node.client(vertx, PATIENCE, registry.url());
            String units = "units/of a shop?\u00fc";
            register(registry.url(), "units%2Fof%20a%20shop%3F%C3%BC", UNIT, List.of());
            register(registry.url(), "amounts", AMOUNT, List.of(new Reference("shop.Unit", units, 1)));
            int id = register(registry.url(), "orders-value", ORDER,
                    List.of(new Reference("shop.Amount", "amounts", 1), new Reference("shop.Unit", units, 1)));

            // When
            Schema writer = client.schemaById(id).await().atMost(PATIENCE);
            AvroDecoder<Order> decoder = new AvroDecoder<>(Frames.cache(client::schemaById), Order.class, Frames.UNADAPTED);
            byte[] bytes = Frames.frame(id, writer, order(writer));
            decoder.load(bytes).await().atMost(PATIENCE);

            // Then
            assertThat(decoder.tryDecode(bytes)).isEqualTo(new Order("o-1", "Tea", 2.5f));
            assertThat(new AnyValueReader(Frames.cache(client::schemaById), client::versionsOf, Runnable::run)
                    .read(bytes, List.of("orders"))
                    .await().atMost(PATIENCE).content()).hasToString("{\"orderId\":\"o-1\",\"product\":\"Tea\",\"price\":2.5,"
                            + "\"amount\":{\"value\":3,\"unit\":\"KG\"},\"unit\":\"PIECE\"}");
        } finally {
            vertx.closeAndAwait();
        }
    }

    private static GenericData.Record order(Schema writer) {
        GenericData.Record amount = new GenericData.Record(writer.getField("amount").schema());
        amount.put("value", 3);
        amount.put("unit", new GenericData.EnumSymbol(writer.getField("unit").schema(), "KG"));
        GenericData.Record order = new GenericData.Record(writer);
        order.put("orderId", "o-1");
        order.put("product", "Tea");
        order.put("price", 2.5);
        order.put("amount", amount);
        order.put("unit", new GenericData.EnumSymbol(writer.getField("unit").schema(), "PIECE"));
        return order;
    }

    /** @param subject percent-encoded */
    static int register(String registry, String subject, String schema, List<Reference> references)
            throws IOException, InterruptedException {
        JsonObject body = new JsonObject().put("schema", schema).put("references",
                new JsonArray(references.stream().map(each -> new JsonObject().put("name", each.name())
                        .put("subject", each.subject()).put("version", each.version())).toList()));
        String answer = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(registry + "/subjects/" + subject + "/versions"))
                        .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.encode())).build(),
                BodyHandlers.ofString()).body();
        return new JsonObject(answer).getInteger("id");
    }

    @Test
    void shouldFetchEachReferenceOnce() {
        // Given: a diamond
        registered("bottom", UNIT);
        registered("left", AMOUNT, new Reference("shop.Unit", "bottom", 1));
        RegisteredSchema top = new RegisteredSchema(ORDER, List.of(new Reference("shop.Amount", "left", 1),
                new Reference("shop.Unit", "bottom", 1)));

        // Then
        assertThat(resolve(top).getField("unit").schema().getEnumSymbols()).containsExactly("KG", "PIECE");
    }

    @Test
    void shouldRefuseReferencesThatFormACycle() {
        // Given
        registered("a", UNIT, new Reference("b", "b", 1));
        registered("b", UNIT, new Reference("a", "a", 1));

        // Then
        assertRefused(new Reference("a", "a", 1), "schema id 5 refers to itself through version 1 of subject 'a'");
    }

    @Test
    void shouldRefuseReferencesThatAreTooDeepOrTooMany() {
        // Given
        for (int i = 0; i <= SchemaReferences.DEEPEST; i++) {
            registered("deep" + i, enumNamed("D" + i), new Reference("D" + (i + 1), "deep" + (i + 1), 1));
        }
        Reference[] many = IntStream.rangeClosed(0, SchemaReferences.MOST).mapToObj(i -> {
            registered("many" + i, enumNamed("M" + i));
            return new Reference("M" + i, "many" + i, 1);
        }).toArray(Reference[]::new);

        // Then
        assertRefused(new Reference("D0", "deep0", 1), "references nested deeper than 32");
        registered("all", UNIT, many);
        assertRefused(new Reference("all", "all", 1), "more than 500 references");
    }

    @Test
    void shouldRefuseReferencesThatAreTooLargeTogether() {
        // Given
        String large = " ".repeat(RegistryClient.LARGEST_ANSWER);
        registered("one", large + enumNamed("One"));
        registered("two", large + enumNamed("Two"), new Reference("One", "one", 1));

        // Then
        assertRefused(new Reference("Two", "two", 1), "larger than 4194304 characters");
    }

    @Test
    void shouldWaitForAReferenceThatTheRegistryDoesNotKnowYet() {
        assertThatThrownBy(() -> resolve(new RegisteredSchema(ORDER, List.of(new Reference("x", "missing", 3)))))
                .isInstanceOfSatisfying(RegistryRejectedException.class,
                        rejection -> assertThat(rejection.isUnknown()).isTrue())
                .hasMessage("schema id 5 refers to version 3 of subject 'missing': Subject not found");
    }

    @Test
    void shouldSayTruthfullyWhyARecordIsUndecodable() {
        // Given
        AvroDecoder<Order> decoder = new AvroDecoder<>(
                Frames.cache(
                        id -> Uni.createFrom().failure(RegisteredSchema.unusable("schema id 5 is of type JSON, not AVRO"))),
                Order.class, Frames.UNADAPTED);

        // Then
        assertThatThrownBy(() -> decoder.load(new byte[] { 0, 0, 0, 0, 5 }).await().indefinitely())
                .isExactlyInstanceOf(UndecodableException.class).hasMessage("schema id 5 is of type JSON, not AVRO");
    }

    private static String enumNamed(String name) {
        return "{\"type\": \"enum\", \"name\": \"%s\", \"symbols\": [\"A\"]}".formatted(name);
    }

    private void registered(String subject, String text, Reference... references) {
        registered.put(subject, new RegisteredSchema(text, List.of(references)));
    }

    private Schema resolve(RegisteredSchema schema) {
        return new SchemaReferences("schema id 5", (subject, version) -> registered.containsKey(subject)
                ? Uni.createFrom().item(registered.get(subject))
                : Uni.createFrom().failure(new RegistryRejectedException(404, 40401, "Subject not found")))
                .resolve(schema).await().indefinitely();
    }

    private void assertRefused(Reference reference, String problem) {
        assertThatThrownBy(() -> resolve(new RegisteredSchema(ORDER, List.of(reference))))
                .isInstanceOfSatisfying(RegistryRejectedException.class,
                        rejection -> assertThat(rejection.isUnknown()).isFalse())
                .hasMessageContaining(problem);
    }
}
