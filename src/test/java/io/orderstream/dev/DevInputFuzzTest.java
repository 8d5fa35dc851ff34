package io.orderstream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.orderstream.api.InvalidInputException;
import io.orderstream.testsupport.Fuzzed;

/** Bodies of the POST requests below {@code /api/dev}. */
class DevInputFuzzTest {

    private static final long PER_BYTE = 1_000;

    @FuzzTest
    void shouldTakeNumbersOrSayWhatIsWrong(byte[] body) {
        // Given
        Fuzzed input = new Fuzzed(body);

        // When
        Optional<DevInput> known = input.parse(PER_BYTE, InvalidInputException.class,
                () -> DevInput.parse(body, "count", "errorRate"));

        // Then
        known.ifPresent(fields -> {
            input.parse(PER_BYTE, InvalidInputException.class, () -> fields.whole("count", 100))
                    .ifPresent(count -> assertThat(count).isBetween(1, 100));
            input.parse(PER_BYTE, InvalidInputException.class, () -> fields.optional("errorRate", 1))
                    .ifPresent(rate -> assertThat(rate).isBetween(0.0, 1.0));
        });
    }
}
