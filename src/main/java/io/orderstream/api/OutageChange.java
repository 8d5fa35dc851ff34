package io.orderstream.api;

import java.time.Instant;
import java.util.List;

import io.orderstream.outage.Outage;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * State of an {@link Outage}, as sent by {@code GET /api/stream} whenever one begins or ends.
 *
 * @param active true while the outage lasts, false when it has ended
 */
@RegisterForReflection
public record OutageChange(String pipeline, String cause, Instant since, String reason, boolean active) {

    /**
     * @param changed the outage that has begun or ended
     * @param now the current outages, which decide: notifications of begin and end may arrive in the wrong order
     */
    static OutageChange of(Outage changed, List<Outage> now) {
        return now.stream().filter(outage -> outage.key().equals(changed.key())).findFirst().map(outage -> of(outage, true))
                .orElseGet(() -> of(changed, false));
    }

    private static OutageChange of(Outage outage, boolean active) {
        return new OutageChange(outage.pipeline(), outage.cause().label(), outage.since(), outage.reason(), active);
    }
}
