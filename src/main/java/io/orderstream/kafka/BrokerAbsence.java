package io.orderstream.kafka;

import java.time.Instant;

/**
 * A period in which no broker answers.
 *
 * @param since when one last answered, or was first asked
 * @param reason a sentence with the broker's address
 */
public record BrokerAbsence(Instant since, String reason) {
}
