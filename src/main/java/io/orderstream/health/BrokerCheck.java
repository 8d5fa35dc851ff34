package io.orderstream.health;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

import io.orderstream.kafka.BrokerAbsence;
import io.orderstream.kafka.BrokerWatch;

/** Readiness check: up while the broker answers. Liveness does not depend on it, since no restart would help. */
@Readiness
@ApplicationScoped
public class BrokerCheck implements HealthCheck {

    private final BrokerWatch broker;

    BrokerCheck(BrokerWatch broker) {
        this.broker = broker;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("kafka broker");
        Optional<BrokerAbsence> absence = broker.absence();
        if (absence.isPresent()) {
            return response.down().withData("reason", absence.get().reason())
                    .withData("since", absence.get().since().toString()).build();
        }
        return broker.brokers() > 0 ? response.up().withData("brokers", broker.brokers()).build()
                : response.down().withData("reason", "the broker has not answered yet").build();
    }
}
