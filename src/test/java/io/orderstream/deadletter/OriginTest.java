package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    private static final String UUID = "7f3e2a90-1c4d-4b8e-1234-001122334455";

    static List<Origin> origins() {
        return List.of(Origin.record("orders", 3, 17), Origin.record("a-1-2", 0, 0), Origin.record("my-spool-events", 3, 17),
                Origin.record("x-spool", 3, 17), Origin.record("orders", 0, 999_999_999_999_999_999L),
                Origin.spooled("orders", UUID), Origin.spooled("my-spool-events", UUID), Origin.spooled("orders", "entry7"));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void shouldReadWhatItHasWritten(Origin origin) {
        assertThat(Origin.parse(origin.toString())).contains(origin);
    }

    @Test
    void shouldWriteTheFormOfTheContract() {
        assertThat(Origin.record("orders", 3, 17)).hasToString("orders-3-17");
        assertThat(Origin.spooled("orders", "e7")).hasToString("orders-spool-e7");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "orders", "orders-3", "-3-17", "orders-3-x", "orders--3-17x", "orders-12345678901-1",
            "orders-1-1234567890123456789", "orders-spool-", "orders\n-3-17", "bestellungen \u00fc-3-17",
            "orders-spool-a\u0007b" })
    void shouldBeEmptyForWhatIsNone(String text) {
        assertThat(Origin.parse(text)).isEmpty();
    }

    @Test
    void shouldHaveAKeyOfItsOwnForEachRecordThatHasHadThePosition() {
        assertThat(Origin.record("orders", 3, 17).at(Instant.ofEpochMilli(1_767_225_600_000L)).key())
                .isEqualTo("orders-3-17.1767225600000");
        assertThat(Origin.record("orders", 3, 17).at(Instant.ofEpochMilli(-1)).key()).isEqualTo("orders-3-17");
        assertThat(Origin.spooled("orders", "e7").at(Instant.now()).key()).isEqualTo("orders-spool-e7");
    }

    @Test
    void shouldNotLookAtWhatIsTooLongToBeOne() {
        assertThat(Origin.parse("-spool-".repeat(100_000) + " ")).isEmpty();
        assertThat(Origin.parse("t".repeat(600) + "-1-2")).isEmpty();
    }

    @Test
    void shouldSortRecordsByNumberNotByText() {
        // Given
        Origin ninth = Origin.record("orders", 0, 9);
        Origin tenth = Origin.record("orders", 0, 10);
        Origin otherPartition = Origin.record("orders", 1, 0);

        // Then
        assertThat(Stream.of(otherPartition, tenth, ninth).sorted()).containsExactly(ninth, tenth, otherPartition);
    }
}
