package io.orderstream.api;

import java.time.Instant;
import java.util.List;

import io.orderstream.outage.Outage;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * How it stands with a pipeline and a cause, as the stream tells it.
 *
 * @param pipeline who waits
 * @param cause what is down: {@code dependency}, {@code registry} or {@code broker}
 * @param since when it was noticed
 * @param reason the failure by which it was noticed
 * @param active whether it lasts; otherwise it is over
 */
@RegisterForReflection
public record OutageChange(String pipeline, String cause, Instant since, String reason, boolean active) {

    /**
     * @param changed an outage that has begun or ended
     * @param now the outages there are: notices of a begin and an end may overtake each other, what is never lies
     */
    static OutageChange of(Outage changed, List<Outage> now) {
        return now.stream().filter(outage -> outage.key().equals(changed.key())).findFirst().map(outage -> of(outage, true))
                .orElseGet(() -> of(changed, false));
    }

    private static OutageChange of(Outage outage, boolean active) {
        return new OutageChange(outage.pipeline(), outage.cause().label(), outage.since(), outage.reason(), active);
    }
}
