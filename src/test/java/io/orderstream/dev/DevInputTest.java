package io.orderstream.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.api.InvalidInputException;

class DevInputTest {

    @Test
    void shouldReadNumbers() {
        // When
        DevInput input = DevInput.parse("{\"count\": 100, \"rate\": 0.25}".getBytes(UTF_8), "count", "rate");

        // Then
        assertThat(input.whole("count", 100)).isEqualTo(100);
        assertThat(input.optional("rate", 1)).isEqualTo(0.25);
        assertThat(input.optional("other", 1)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "0", "101", "-1", "1.5", "\"7\"", "null", "[1]", "1e99" })
    void shouldRefuseWhatIsNoWholeNumberInTheRange(String value) {
        // Given
        DevInput input = DevInput.parse(("{\"count\": " + value + "}").getBytes(UTF_8), "count");

        // Then
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> input.whole("count", 100))
                .withMessageStartingWith("count must be a whole number from 1 to 100, but is '");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> DevInput.parse("{}".getBytes(UTF_8), "count").whole("count", 100));
    }

    @ParameterizedTest
    @ValueSource(strings = { "-0.1", "1.01", "\"0.5\"", "null", "1e400" })
    void shouldRefuseWhatIsNoNumberInTheRange(String value) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> DevInput.parse(("{\"rate\": " + value + "}").getBytes(UTF_8), "rate").optional("rate", 1))
                .withMessageStartingWith("rate must be a number from 0 to 1, but is '");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "[]", "7", "null", "{\"seconds\": 1}", "{\"count\": 1, \"count\": 2}", "{\"count\": 1",
            "count=1" })
    void shouldRefuseWhatIsNoObjectOfTheFieldsThereAre(String body) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> DevInput.parse(body.getBytes(UTF_8), "count"))
                .withMessageStartingWith("body must be ");
    }
}
