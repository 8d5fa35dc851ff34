package io.orderstream.stream;

import java.time.Instant;
import java.util.List;

import org.jetbrains.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.orderstream.outage.Outage;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * State of an {@link Outage}, as streamed whenever one begins or ends, and when its next probe is planned.
 *
 * @param active true while the outage lasts, false when it has ended
 * @param nextProbeAt when it is next tried whether it is over; left out by {@code GET /api/stream}, and while nothing is
 *        planned
 */
@RegisterForReflection
public record OutageChange(String pipeline, String cause, Instant since, String reason, boolean active,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant nextProbeAt) {

    /**
     * @param changed the outage that has begun or ended
     * @param now the current outages, which decide: notifications of begin and end may arrive in the wrong order
     * @param nextProbe when it is next tried whether it is over, null if nothing is planned
     */
    static OutageChange of(Outage changed, List<Outage> now, Instant nextProbe) {
        return now.stream().filter(outage -> outage.key().equals(changed.key())).findFirst()
                .map(outage -> of(outage, true, nextProbe)).orElseGet(() -> of(changed, false, null));
    }

    private static OutageChange of(Outage outage, boolean active, Instant nextProbe) {
        return new OutageChange(outage.pipeline(), outage.cause().label(), outage.since(), outage.reason(), active, nextProbe);
    }
}
