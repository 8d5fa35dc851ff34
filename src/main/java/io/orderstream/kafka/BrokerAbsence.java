package io.orderstream.kafka;

import java.time.Instant;

/**
 * A time in which the broker is away.
 *
 * @param since when it last answered, or when it was first asked
 * @param reason a sentence that names its address
 */
public record BrokerAbsence(Instant since, String reason) {
}
