package io.orderstream.order;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.pipeline.SimulatedFaults.Kind;
import io.orderstream.schema.Frames;
import io.orderstream.testsupport.HalfFailing;
import io.orderstream.testsupport.OrderApp;
import io.orderstream.testsupport.ScriptRegistry;
import io.orderstream.testsupport.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

/** The topic and the registry of a script with numbers for ids, as docs/migrating.md has it. */
@Tag("full")
@QuarkusTest
@TestProfile(HalfFailing.class)
@WithTestResource(ScriptRegistry.class)
class ScriptOrdersFullTest {

    /** From the test resource. */
    TopicClient topics;

    @TestHTTPResource
    String url;

    @Inject
    OrderSettings settings;

    @Inject
    RecordingOrderHandler handler;

    @Test
    void shouldProcessTheScriptsOrdersThoughTheRegistryRefusesOurSchema() {
        // Given
        OrderApp app = new OrderApp(url);
        Schema schema = new Schema.Parser().parse(ScriptRegistry.SCHEMA);
        List<Integer> ids = IntStream.iterate(1001, id -> id + 1)
                .filter(id -> HalfFailing.FAULTS.of(Integer.toString(id)).kind() == Kind.NONE).limit(3).boxed().toList();

        // When
        topics.send(ids.stream().map(id -> new ProducerRecord<byte[], byte[]>(settings.topic(), Frames.frame(
                ScriptRegistry.SCHEMA_ID, schema, Map.of("order_id", id, "product", "Toffee", "price", 19.99)))).toList());

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(app.stats().get("processed").asLong()).isEqualTo(3));
        assertThat(OrderApp.cents(app.stats().get("revenue"))).isEqualTo(3 * 1999);
        ids.forEach(id -> assertThat(handler.callsFor(id.toString())).as("order %d", id).hasSize(1));
        // Nothing is generated here, so nothing is missing
        await().atMost(PATIENCE).until(() -> app.get("/q/health/started").get("status").asText().equals("UP"));
    }
}
