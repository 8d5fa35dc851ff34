package io.orderstream.guarantee;

/** Nothing is given up. */
final class NoDeadLetters implements ProcessingGuarantee {

    @Override
    public String name() {
        return "no order becomes a dead letter";
    }

    @Override
    public void check(Evidence evidence) {
        Violations.none("dead letters", evidence.deadLetters());
    }
}
