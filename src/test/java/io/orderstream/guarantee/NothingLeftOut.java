package io.orderstream.guarantee;

/**
 * Every record was brought to its end: all the attempts were made that it needs, by whatever instances; one that
 * nobody can read was rejected instead.
 */
final class NothingLeftOut implements ProcessingGuarantee {

    @Override
    public String name() {
        return "every record is handled to its end";
    }

    @Override
    public void check(Evidence evidence) {
        Violations.none("records whose last attempt was never made", evidence.truth().records().stream()
                .filter(record -> !evidence.calls().contains(record.lastCall())).toList());
    }
}
