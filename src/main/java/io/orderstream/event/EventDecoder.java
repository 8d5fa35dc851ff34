package io.orderstream.event;

import io.orderstream.record.Decoder;
import io.smallrye.mutiny.Uni;

/** Takes the bytes of a record for an event. Everything it needs is in memory. */
final class EventDecoder implements Decoder<Event> {

    private final EventValidator validator;

    EventDecoder(EventValidator validator) {
        this.validator = validator;
    }

    @Override
    public Event tryDecode(byte[] bytes) {
        return validator.validate(bytes);
    }

    @Override
    public Uni<Void> load(byte[] bytes) {
        return Uni.createFrom().voidItem();
    }
}
