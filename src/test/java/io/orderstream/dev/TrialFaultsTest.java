package io.orderstream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import io.orderstream.order.Order;
import io.orderstream.order.PoisonOrderException;
import io.orderstream.record.UnavailableException;

class TrialFaultsTest {

    private static final Order ORDER = new Order("1", "Mouse", 1f);

    private final TrialFaults faults = new TrialFaults();

    @Test
    void shouldLeaveOrdersAloneUntilItIsAsked() {
        assertThat(faults.outageUntil()).isNull();
        assertThat(faults.faultOf(ORDER)).isNull();
    }

    @Test
    void shouldFailEveryCallAsAServiceDoesThatIsAwayUntilItsTimeIsOver() {
        // When
        faults.takeDependencyAway(Duration.ofMinutes(1));

        // Then
        assertThat(faults.outageUntil()).isBetween(Instant.now().plusSeconds(30), Instant.now().plusSeconds(61));
        assertThat(faults.faultOf(ORDER)).isInstanceOfSatisfying(UnavailableException.class,
                failure -> assertThat(failure.retryAfter()).isPresent());
        assertThat(faults.faultOf(poison())).isInstanceOf(UnavailableException.class);

        // And asked again it may end earlier
        faults.takeDependencyAway(Duration.ZERO);
        assertThat(faults.outageUntil()).isNull();
        assertThat(faults.faultOf(ORDER)).isNull();
    }

    @Test
    void shouldRefusePoisonForGood() {
        assertThat(faults.faultOf(poison())).isInstanceOf(PoisonOrderException.class).hasMessageContaining("poison-7");
    }

    private static Order poison() {
        return new Order(TrialFaults.POISON + "7", "Mouse", 1f);
    }
}
