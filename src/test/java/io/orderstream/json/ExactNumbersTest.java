package io.orderstream.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that a schema lets through is within its bounds, however it is written. */
class ExactNumbersTest {

    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

    private static ValueSchema schema(String rules) {
        return ValueSchema.compile("trial", ("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"," + rules + "}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isValid(ValueSchema schema, String value) {
        return schema.violations(StrictJson.read(value.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = { "18446744073709551617.0; false", "18446744073709551617; false", "4294967297.0; true",
            "9223372036854775808.0; false", "9223372036854775807.0; true", "9223372036854775807; true", "1e400; false",
            "-0.0; false", "1.0; true", "0.99999999999999999999; false", "1e0; true", "-1e400; false" })
    void shouldCompareTheWholeNumberWithItsBounds(String value, boolean isValid) {
        assertThat(isValid(schema("\"type\":\"integer\",\"minimum\":1,\"maximum\":9223372036854775807"), value))
                .isEqualTo(isValid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = { "\"exclusiveMinimum\":0; 0.0; false", "\"exclusiveMinimum\":0; 1e-999; true",
            "\"exclusiveMaximum\":10; 10.0; false", "\"exclusiveMaximum\":10; 9.999999999999999999999; true",
            "\"multipleOf\":2; 9007199254740993; false", "\"multipleOf\":2; 9007199254740994; true",
            "\"multipleOf\":0.01; 0.07; true", "\"multipleOf\":0.01; 0.075; false", "\"minimum\":0; \"text\"; true" })
    void shouldCompareByEveryKeyword(String rule, String value, boolean isValid) {
        assertThat(isValid(schema(rule), value)).isEqualTo(isValid);
    }

    @Test
    void shouldAgreeWithTheExactDecimalForAnyNumberAndBounds() {
        Random random = new Random(SEED);
        for (int number = 0; number < 2_000; number++) {
            // Given
            BigDecimal bound = any(random);
            BigDecimal value = random.nextInt(4) == 0 ? bound : any(random);
            ValueSchema schema = schema("\"minimum\":" + bound + ",\"exclusiveMaximum\":" + bound.add(BigDecimal.TEN.pow(9)));

            // Then
            boolean isWithin = value.compareTo(bound) >= 0 && value.compareTo(bound.add(BigDecimal.TEN.pow(9))) < 0;
            assertThat(isValid(schema, value.toString())).as("seed %d: %s from %s", SEED, value, bound).isEqualTo(isWithin);
        }
    }

    private static BigDecimal any(Random random) {
        return new BigDecimal(new BigInteger(1 + random.nextInt(100), random).subtract(BigInteger.ONE.shiftLeft(63)),
                random.nextInt(4) - 1);
    }

    @Test
    void shouldRefuseASchemaWhoseBoundIsNoNumber() {
        assertThatThrownBy(() -> schema("\"minimum\":\"1\"")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("minimum must be a number");
        assertThatThrownBy(() -> schema("\"multipleOf\":0")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("multipleOf must be a number greater than 0");
    }
}
