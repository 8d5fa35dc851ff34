package io.orderstream.guarantee;

/** Every order was brought to its end by the handler: all the attempts were made that it needs, by whatever instances. */
final class NothingLeftOut implements ProcessingGuarantee {

    @Override
    public String name() {
        return "every order is handled to its end";
    }

    @Override
    public void check(Evidence evidence) {
        Violations.none("orders whose last attempt was never made", evidence.orders().entries().stream()
                .filter(order -> !evidence.calls().contains(evidence.lastCall(order))).toList());
    }
}
