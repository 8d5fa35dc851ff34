package io.orderstream.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.json.StrictJson;
import io.orderstream.testsupport.Fuzzed;

/** Values of the events' topic, and bodies of {@code POST /api/events}. */
class EventFuzzTest {

    private static final long PER_BYTE = 2_000;

    private static final EventValidator VALIDATOR = new EventSchemas().validator();

    @FuzzTest
    void shouldTakeAnEventOrSayWhatIsWrong(byte[] value) {
        // Given
        Fuzzed input = new Fuzzed(value);

        // When
        Optional<Event> event = input.parse(PER_BYTE, InvalidEventException.class, () -> VALIDATOR.validate(value));
        Optional<String> correlation = input.parse(PER_BYTE, () -> VALIDATOR.correlationId(value));

        // Then
        if (event.isPresent()) {
            assertThat(event.get().id()).matches("[!-~]{1,200}");
            assertThat(correlation).isPresent();
            assertThat(event.get()).isEqualTo(VALIDATOR.validate(StrictJson.withoutMark(value)));
        } else {
            assertThat(violations(value)).isPositive();
        }
    }

    private int violations(byte[] value) {
        try {
            VALIDATOR.validate(value);
            return 0;
        } catch (InvalidEventException e) {
            return e.violations().size();
        }
    }
}
