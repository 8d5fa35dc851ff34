package io.orderstream.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.deadletter.DeadLetter;
import io.orderstream.deadletter.Origin;
import io.orderstream.order.Order;

class OrderDeadLetterViewTest {

    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123Z");

    @ParameterizedTest
    @CsvSource({ "0,0", "1,0", "2,1", "4,3", "," })
    void shouldCountTheAttemptsAfterTheFirst(Integer attempts, Integer retries) {
        assertThat(OrderDeadLetterView.of(letter(attempts, Origin.record("orders", 0, 7)), null).retryCount())
                .isEqualTo(retries);
    }

    @Test
    void shouldTellWhatTheValueAndTheHeadersSay() {
        assertThat(OrderDeadLetterView.of(letter(4, Origin.record("orders", 0, 7)), new Order("o-1", "Tee", 19.99f)))
                .isEqualTo(new OrderDeadLetterView("o-1", "Tee", 19.99f, "a reason", AT, 3, "orders"));
    }

    @Test
    void shouldKeepALetterOfWhichLittleIsKnown() {
        assertThat(OrderDeadLetterView.of(letter(null, null), null))
                .isEqualTo(new OrderDeadLetterView(null, null, null, "a reason", AT, null, null));
    }

    @ParameterizedTest
    @ValueSource(floats = { Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY })
    void shouldShowNoPriceThatJsonHasNoNumberFor(float price) {
        assertThat(OrderDeadLetterView.of(letter(1, null), new Order("o-1", "Tee", price)).price()).isNull();
    }

    private static DeadLetter letter(Integer attempts, Origin origin) {
        return new DeadLetter("orders-dlq", 0, 3, origin, "poison", "a reason", "", attempts, "", AT, null, 0, "", null);
    }
}
