package io.orderstream.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Thousands of envelopes with something changed: each is taken for exactly what it is, by rules written a second time, and none
 * gets through that should not or fails in a way that nobody expects.
 */
class EnvelopeFuzzTest {

    private static final int ENVELOPES = 5_000;
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of("", " ", "a", "1", "1.0", "2.0", "1.", "0.1", "file-added", "file-lost",
            "door-opened", "2026-03-01T12:00:00Z", "2026-03-01t12:00:00.5+01:00", "2026-13-01T12:00:00Z",
            "2026-02-29T00:00:00Z",
            "2024-02-29T23:59:59Z", "12:00", "nobody", "eva@example.com", "\u0000", "\n", "ä", "🍕", "'; DROP TABLE",
            "x".repeat(200),
            "x".repeat(201), "🍕".repeat(200), "null");

    private final EventValidator validator = new EventSchemas().validator();
    private final Random random = new Random(SEED);

    @Test
    void shouldTakeEachMutatedEnvelopeForWhatItIs() throws IOException {
        Map<Stage, Integer> rejected = new EnumMap<>(Stage.class);
        int accepted = 0;
        for (int number = 0; number < ENVELOPES; number++) {
            // Given
            ObjectNode event = JSON.readValue(Events.bytes(Events.event(Events.TYPES.get(random.nextInt(4)))),
                    ObjectNode.class);
            for (int mutation = random.nextInt(3); mutation >= 0; mutation--) {
                mutate(event);
            }

            // When
            Stage stage = stage(JSON.writeValueAsBytes(event));

            // Then
            assertThat(EnvelopeRules.agree(event, stage)).as("seed %d: rejected by %s: %s", SEED, stage, event).isTrue();
            accepted += stage == null ? 1 : 0;
            rejected.merge(stage == null ? Stage.JSON : stage, 1, Integer::sum);
        }
        // The sample is worth something: each verdict was given often
        assertThat(accepted).isGreaterThan(ENVELOPES / 20);
        assertThat(rejected.keySet()).contains(Stage.ENVELOPE, Stage.TYPE, Stage.VERSION, Stage.PAYLOAD);
    }

    @Test
    void shouldTakeMutatedBytesForJsonOnlyIfTheyAre() throws IOException {
        int accepted = 0;
        for (int number = 0; number < ENVELOPES; number++) {
            // Given
            byte[] bytes = mutated(Events.bytes(Events.event(Events.TYPES.get(random.nextInt(4)))));

            // When
            Stage stage = stage(bytes);

            // Then
            if (stage != Stage.JSON) {
                assertThat(EnvelopeRules.agree(read(bytes), stage))
                        .as("seed %d: rejected by %s: %s", SEED, stage, new String(bytes)).isTrue();
            }
            accepted += stage == null ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(ENVELOPES / 50);
    }

    /** The stage that rejects these bytes, null if none does. Any other exception is an escape. */
    private Stage stage(byte[] bytes) {
        try {
            Event event = validator.validate(bytes);
            assertThat(event.id()).isNotEmpty();
            assertThat(event.time()).isNotNull();
            assertThat(event.entity()).isNotEmpty();
            return null;
        } catch (InvalidEventException e) {
            assertThat(e.violations()).isNotEmpty();
            assertThat(e).hasMessageStartingWith(e.stage().label() + ": ");
            return e.stage();
        }
    }

    private static JsonNode read(byte[] bytes) throws IOException {
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new AssertionError("taken for JSON: " + new String(bytes), e);
        }
    }

    private void mutate(ObjectNode event) {
        ObjectNode target = random.nextInt(3) == 0 && event.path("payload").isObject() ? (ObjectNode) event.get("payload")
                : event;
        List<String> fields = new ArrayList<>();
        target.fieldNames().forEachRemaining(fields::add);
        String field = fields.isEmpty() || random.nextInt(10) == 0 ? "more" : fields.get(random.nextInt(fields.size()));
        switch (random.nextInt(5)) {
            case 0 -> target.remove(field);
            case 1 -> target.set(field, value());
            case 2 -> target.set(field + (random.nextBoolean() ? " " : "X"), target.path(field).isMissingNode() ? value()
                    : target.remove(field));
            case 3 -> target.put(field, edited(target.path(field).asText()));
            default -> target.put(field, TEXTS.get(random.nextInt(TEXTS.size())));
        }
    }

    private JsonNode value() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(8)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt());
            case 3 -> nodes.numberNode(random.nextDouble());
            case 4 -> nodes.arrayNode().add("user");
            case 5 -> nodes.arrayNode().add(1);
            case 6 -> nodes.objectNode().put("door", "front");
            default -> nodes.objectNode();
        };
    }

    private String edited(String text) {
        StringBuilder edited = new StringBuilder(text);
        int at = random.nextInt(text.length() + 1);
        char put = "0159azA-.:TZ+ _\t".charAt(random.nextInt(16));
        if (at < text.length() && random.nextBoolean()) {
            edited.setCharAt(at, put);
        } else if (at < text.length() && random.nextBoolean()) {
            edited.deleteCharAt(at);
        } else {
            edited.insert(at, put);
        }
        return edited.toString();
    }

    private byte[] mutated(byte[] bytes) {
        byte[] mutated = bytes.clone();
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(mutated.length);
            mutated[at] = random.nextBoolean() ? (byte) random.nextInt(256)
                    : (byte) "0123456789abcz{}[]\":, ".charAt(random.nextInt(22));
        }
        return random.nextInt(10) > 0 ? mutated : Arrays.copyOf(mutated, random.nextInt(mutated.length + 1));
    }
}
