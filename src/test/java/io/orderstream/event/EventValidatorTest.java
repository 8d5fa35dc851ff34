package io.orderstream.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.vertx.core.json.JsonObject;

class EventValidatorTest {

    private static final String SCHEMA = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}""";

    private final EventValidator validator = new EventSchemas().validator();

    @Test
    void shouldReadAValidEventOfEachType() {
        for (String type : Events.TYPES) {
            // When
            Event event = validator.validate(Events.bytes(Events.event(type, "e-1", "entity-7")));

            // Then
            assertThat(event.type()).isEqualTo(type);
            assertThat(event.id()).isEqualTo("e-1");
            assertThat(event.entity()).as("entity of %s", type).isEqualTo("entity-7");
            assertThat(event.time()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "1", "1.0", "1.9", "1.0.3", "1.999999" })
    void shouldAcceptEveryMinorVersionOfAKnownMajorOne(String version) {
        assertThat(validator.validate(Events.bytes(Events.event("file-added").put("eventVersion", version))).version())
                .isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({ "0.9, VERSION", "2, VERSION", "11.0, VERSION", "01.0, ENVELOPE", "v1, ENVELOPE", "1., ENVELOPE",
            "1.0.0.0, ENVELOPE",
            "'', ENVELOPE", "99999999999, ENVELOPE" })
    void shouldRejectEveryOtherVersion(String version, Stage stage) {
        assertThat(rejected(Events.event("file-added").put("eventVersion", version)).stage()).isEqualTo(stage);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "eventId | '' | ENVELOPE", "eventId | 'a b' | ENVELOPE",
            "eventType | 'File' | ENVELOPE",
            "eventType | 'constructor' | TYPE", "eventTime | '2026-03-01' | ENVELOPE",
            "eventTime | '2026-02-30T12:00:00Z' | ENVELOPE", "eventTime | '2026-03-01T12:00:00' | ENVELOPE" })
    void shouldRejectAFieldThatBreaksItsRule(String field, String value, Stage stage) {
        // When
        InvalidEventException rejected = rejected(Events.event("file-added").put(field, value));

        // Then
        assertThat(rejected.stage()).isEqualTo(stage);
        assertThat(rejected.violations()).singleElement().satisfies(violation -> {
            assertThat(violation.path()).isEqualTo("/" + field);
            assertThat(violation.rule()).isNotBlank();
        });
    }

    @Test
    void shouldNameEveryRuleThatIsBroken() {
        // Given
        JsonObject event = Events.event("user-created");
        event.getJsonObject("payload").put("email", "nobody").put("roles", "user").remove("username");

        // When
        InvalidEventException rejected = rejected(event);

        // Then
        assertThat(rejected.stage()).isEqualTo(Stage.PAYLOAD);
        assertThat(rejected.violations()).extracting(violation -> violation.path()).containsExactly("/payload",
                "/payload/email", "/payload/roles");
        assertThat(rejected)
                .hasMessageStartingWith("payload: /payload: required property 'username' not found; /payload/email: ");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "null", "7", "[]", "{", "{}{}", "{\"eventId\":\"a\",\"eventId\":\"b\"}", "\u0000",
            "{'a':1}",
            "{\"a\":NaN}", "\"text\"" })
    void shouldRejectWhatIsNoObjectOfJson(String text) {
        assertThatThrownBy(() -> validator.validate(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(InvalidEventException.class,
                        rejected -> assertThat(rejected.stage()).isIn(Stage.JSON, Stage.ENVELOPE));
    }

    @ParameterizedTest
    @ValueSource(strings = { "\"eventId\":\"other\",", "\"payload\":{},", "\"eventId\":\"e-1\"," })
    void shouldRejectAnEventThatSaysAFieldTwice(String again) {
        // Given: two readers might understand it differently
        String event = Events.event("file-added", "e-1", "f-1").encode().replaceFirst("\\{", "{" + again);

        // Then
        assertThat(rejected(event.getBytes(StandardCharsets.UTF_8)).stage()).isEqualTo(Stage.JSON);
    }

    @Test
    void shouldRejectAnEventThatHasSomethingBehindIt() {
        // Given
        String event = Events.event("file-added", "e-1", "f-1").encode();

        // Then
        assertThat(rejected((event + event).getBytes(StandardCharsets.UTF_8)).stage()).isEqualTo(Stage.JSON);
        assertThat(validator.validate((event + " \r\n").getBytes(StandardCharsets.UTF_8)).id()).isEqualTo("e-1");
    }

    @ParameterizedTest
    @ValueSource(strings = { "eventId", "eventType", "eventVersion", "eventTime" })
    void shouldNotLetALineBreakThroughAtTheEndOfAField(String field) {
        // Given: in a log line it would begin another
        JsonObject event = Events.event("file-added");
        event.put(field, event.getString(field) + "\n");

        // Then
        assertThat(rejected(event).stage()).isEqualTo(Stage.ENVELOPE);
    }

    @Test
    void shouldRejectWhatIsNestedTooDeeplyInsteadOfFailing() {
        // Given
        String deep = "{\"payload\":" + "[".repeat(100_000);

        // Then
        assertThatThrownBy(() -> validator.validate(deep.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(InvalidEventException.class,
                        rejected -> assertThat(rejected.stage()).isEqualTo(Stage.JSON));
    }

    @Test
    void shouldNotPutTheValueIntoTheReason() {
        // Given
        String secret = "hunter2";

        // Then: the bytes are in the dead letter; the reason goes into logs
        assertThatThrownBy(() -> validator.validate(("{\"password\": \"" + secret + "\" x").getBytes(StandardCharsets.UTF_8)))
                .hasMessageStartingWith("not JSON: ").hasMessageNotContaining(secret);
    }

    @ParameterizedTest
    @CsvSource({ "file-added.json", "FileAdded.v1.json", "file-added.v1.yaml", "file-added.v01.json", "readme.md" })
    void shouldNotStartWithAFileThatIsNotNamedAsASchema(String name) {
        assertThatThrownBy(() -> EventSchemas.types(Map.of(name, SCHEMA.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IllegalStateException.class).hasMessage("schema schemas/payload/" + name
                        + ": the file must be named <type>.v<major>.json, such as file-added.v1.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "{ | Unexpected end-of-input",
            "{\"type\": \"object\"} | $schema must be https://json-schema.org/draft/2020-12",
            "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"} | $schema must be https://json-schema.org/draft/2020-12" })
    void shouldNotStartWithASchemaThatIsNone(String text, String reason) {
        assertThatThrownBy(() -> EventSchemas.types(Map.of("a.v1.json", text.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("schema schemas/payload/a.v1.json: " + reason);
    }

    private InvalidEventException rejected(JsonObject event) {
        return rejected(Events.bytes(event));
    }

    private InvalidEventException rejected(byte[] event) {
        return catchThrowableOfType(InvalidEventException.class, () -> validator.validate(event));
    }
}
