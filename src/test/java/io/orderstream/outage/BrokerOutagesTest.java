package io.orderstream.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import io.orderstream.kafka.BrokerAbsence;

class BrokerOutagesTest {

    private static final Optional<BrokerAbsence> AWAY = Optional.of(new BrokerAbsence(Instant.EPOCH, "no answer"));

    private final Outages outages = new Outages();
    private final BrokerOutages broker = new BrokerOutages(outages, null);

    @Test
    void shouldPutEveryPipelineInOutageAlsoOneThatBecomesKnownMeanwhile() {
        // Given
        outages.of("orders");

        // When
        broker.tell(AWAY);
        outages.of("events");
        broker.tell(AWAY);

        // Then
        assertThat(outages.now()).extracting(Outage::pipeline, Outage::cause, Outage::reason).containsExactly(
                tuple("events", OutageCause.BROKER, "no answer"),
                tuple("orders", OutageCause.BROKER, "no answer"));
    }

    @Test
    void shouldEndEachOutageWhenTheBrokerIsBackAndBeginThemAnew() {
        // Given
        PipelineOutages orders = outages.of("orders");
        broker.tell(AWAY);
        broker.tell(AWAY);

        // When
        broker.tell(Optional.empty());
        broker.tell(Optional.empty());

        // Then
        assertThat(orders.isOut(OutageCause.BROKER)).isFalse();

        // When
        broker.tell(AWAY);

        // Then
        assertThat(orders.isOut(OutageCause.BROKER)).isTrue();
    }
}
