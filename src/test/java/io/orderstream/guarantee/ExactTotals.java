package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderstream.average.Totals;
import io.orderstream.testsupport.OrderLedger;

/** The group has counted what is in the topic: no order left out, none twice, the revenue to the cent. */
final class ExactTotals implements ProcessingGuarantee {

    @Override
    public String name() {
        return "every order is counted exactly once, to the cent";
    }

    @Override
    public void check(Evidence evidence) {
        OrderLedger truth = evidence.orders();
        assertThat(evidence.group()).as("totals of the group, against the topic").isEqualTo(
                new Totals(truth.entries().size(), truth.processed(), truth.deadLetters().size(),
                        truth.revenue().movePointRight(2).longValueExact()));
    }
}
