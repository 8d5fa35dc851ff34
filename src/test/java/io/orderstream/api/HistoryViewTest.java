package io.orderstream.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.orderstream.api.HistoryView.Span;
import io.orderstream.history.Histories.Past;
import io.orderstream.history.History;
import io.orderstream.history.Step;
import io.orderstream.history.Step.Amount;
import io.orderstream.outage.Outage;
import io.orderstream.outage.OutageCause;

class HistoryViewTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static Outage outage(String pipeline, long sinceSecond) {
        return new Outage(pipeline, OutageCause.REGISTRY, NOON.plusSeconds(sinceSecond), "refused");
    }

    private static Step step(long second) {
        return new Step(NOON.plusSeconds(second), second, second + 1, second + 2, second + 3, BigDecimal.TEN, 5, 6,
                List.of(new Amount(NOON.plusSeconds(second), 1_999)));
    }

    @Test
    void shouldShowTheStepsAsColumns() {
        // When
        HistoryView view = HistoryView.of("orders", new History.Steps(2, List.of(step(2), step(4))), List.of(), List.of());

        // Then
        long noon = NOON.toEpochMilli();
        assertThat(view).isEqualTo(new HistoryView("orders", 2, List.of(noon + 2_000, noon + 4_000), List.of(2L, 4L),
                List.of(3L, 5L), List.of(4L, 6L), List.of(5L, 7L), List.of(BigDecimal.TEN, BigDecimal.TEN), List.of(5, 5),
                List.of(6, 6), List.of(List.of(noon + 2_000, new BigDecimal("19.99")),
                        List.of(noon + 4_000, new BigDecimal("19.99"))),
                List.of()));
    }

    @Test
    void shouldShowTheOutagesOfThePipelineInTheTimeOfTheSteps() {
        // Given
        List<Past> past = List.of(new Past(outage("orders", -9), NOON.plusSeconds(1)),
                new Past(outage("orders", -9), NOON.plusSeconds(3)));
        List<Outage> now = List.of(outage("events", 3), outage("orders", 4));

        // When
        HistoryView view = HistoryView.of("orders", new History.Steps(1, List.of(step(2), step(3))), past, now);

        // Then
        assertThat(view.outages()).containsExactly(
                new Span("registry", NOON.minusSeconds(9), NOON.plusSeconds(3), "refused"),
                new Span("registry", NOON.plusSeconds(4), null, "refused"));
    }
}
