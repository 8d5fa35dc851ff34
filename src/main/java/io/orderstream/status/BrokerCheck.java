package io.orderstream.status;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;

/**
 * Ready while the broker answers. Asked anew each time, so it recovers with the broker; a broker that is away is
 * waited for, and is no reason for a restart.
 */
@Readiness
@ApplicationScoped
public class BrokerCheck implements AsyncHealthCheck {

    private static final String NAME = "kafka broker";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Admin admin;

    BrokerCheck(Admin admin) {
        this.admin = admin;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs((int) TIMEOUT.toMillis());
        return Uni.createFrom().completionStage(() -> admin.describeCluster(options).nodes().toCompletionStage())
                // A call that waits for a connection notices its own timeout late.
                .ifNoItem().after(TIMEOUT).fail()
                .map(nodes -> HealthCheckResponse.named(NAME).up().withData("brokers", nodes.size()).build())
                .onFailure().recoverWithItem(failure -> HealthCheckResponse.named(NAME).down()
                        .withData("reason", "no answer within " + TIMEOUT.toSeconds() + " s").build());
    }
}
