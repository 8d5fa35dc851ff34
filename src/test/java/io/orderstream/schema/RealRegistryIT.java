package io.orderstream.schema;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.order.Order;
import io.orderstream.schema.RegisteredSchema.Reference;
import io.vertx.mutiny.core.Vertx;

/** The client and the codec against a registry that is not ours. */
@Tag("full")
class RealRegistryIT {

    @TempDir
    private static Path directory;

    private static Vertx vertx;
    private static RealRegistry registry;
    private static RegistryClient client;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(RealRegistry.isUnpacked(), "Apicurio Registry is not in target/apicurio: run ./mvnw verify -Pfull");
        Optional<Path> java = RealRegistry.java();
        assumeTrue(java.isPresent(), "Apicurio Registry needs a JDK 21 or later: set JAVA21_HOME");
        registry = new RealRegistry(java.get(), directory.resolve("apicurio.log"));
        vertx = Vertx.vertx();
        client = Node.client(vertx, PATIENCE, registry.url());
        await().atMost(PATIENCE).until(registry::isUp);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (registry != null) {
            registry.stop();
            vertx.closeAndAwait();
        }
    }

    @Test
    void shouldRegisterLookUpAndFetch() {
        // When
        int registered = client.register("a b/c-value", Order.getClassSchema()).await().atMost(PATIENCE);
        int lookedUp = client.lookup("a b/c-value", Order.getClassSchema()).await().atMost(PATIENCE);
        Schema fetched = client.schemaById(registered).await().atMost(PATIENCE);

        // Then
        assertThat(lookedUp).isEqualTo(registered);
        assertThat(fetched).isEqualTo(Order.getClassSchema());
    }

    @Test
    void shouldCarryAnOrderFromEncoderToDecoder() {
        // Given
        int id = new SchemaRegistration(client, true, Duration.ofMillis(250), Duration.ofSeconds(5))
                .idOf(Order.getClassSchema(), List.of("orders-value", "orders-dlq-value"))
                .await().atMost(PATIENCE);
        AvroDecoder<Order> decoder = new AvroDecoder<>(Frames.cache(client::schemaById), Order.class,
                Frames.UNADAPTED);
        Order order = new Order("o-1", "Tee", 12.5f);

        // When
        byte[] bytes = new AvroEncoder<>(Order.class, id).encode(order);
        decoder.load(bytes).await().atMost(PATIENCE);

        // Then
        assertThat(decoder.tryDecode(bytes)).isEqualTo(order);
    }

    @Test
    void shouldReadAnOrderOfAnotherProducer() {
        // Given
        Schema writer = Frames.order("org.elsewhere", Schema.create(Schema.Type.DOUBLE));
        int id = client.register("elsewhere-value", writer).await().atMost(PATIENCE);
        AvroDecoder<Order> decoder = new AvroDecoder<>(Frames.cache(client::schemaById), Order.class,
                Frames.UNADAPTED);
        byte[] bytes = Frames.frame(id, writer, Map.of("orderId", "o-2", "product", "p", "price", 19.99));

        // When
        decoder.load(bytes).await().atMost(PATIENCE);

        // Then
        assertThat(decoder.tryDecode(bytes)).isEqualTo(new Order("o-2", "p", 19.99f));
    }

    @Test
    void shouldFetchASchemaWithReferences() throws IOException, InterruptedException {
        // Given
        String unit = "{\"type\": \"enum\", \"name\": \"Unit\", \"namespace\": \"shop\", \"symbols\": [\"KG\"]}";
        String amount = "{\"type\": \"record\", \"name\": \"Amount\", \"namespace\": \"shop\", \"fields\": ["
                + "{\"name\": \"unit\", \"type\": \"shop.Unit\"}]}";
        SchemaReferencesTest.register(registry.url(), "units%20of%20a%20shop", unit, List.of());

        // When
        int id = SchemaReferencesTest.register(registry.url(), "amounts", amount,
                List.of(new Reference("shop.Unit", "units of a shop", 1)));

        // Then
        assertThat(client.schemaById(id).await().atMost(PATIENCE).getField("unit").schema().getEnumSymbols())
                .containsExactly("KG");
        client.confirmAnySubject().await().atMost(PATIENCE);
    }

    @Test
    void shouldBeRefusedAnIncompatibleSchemaAndAnUnknownId() {
        // Given
        Schema first = SchemaBuilder.record("Thing").fields().requiredString("a").endRecord();
        Schema second = SchemaBuilder.record("Thing").fields().requiredString("a").requiredInt("b").endRecord();
        client.register("thing-value", first).await().atMost(PATIENCE);

        // When
        RegistryRejectedException incompatible = catchThrowableOfType(RegistryRejectedException.class,
                () -> client.register("thing-value", second).await().atMost(PATIENCE));
        RegistryRejectedException unknown = catchThrowableOfType(RegistryRejectedException.class,
                () -> client.schemaById(987_654).await().atMost(PATIENCE));

        // Then
        assertThat(incompatible.status()).isEqualTo(409);
        assertThat(unknown.errorCode()).isEqualTo(40403);
    }
}
