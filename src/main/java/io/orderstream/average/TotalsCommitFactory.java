package io.orderstream.average;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Default;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.quarkus.arc.ClientProxy;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;

/**
 * Makes the {@link TotalsCommit} of each channel with {@code commit-strategy=totals}, and hands it to the channel's pipeline.
 */
@ApplicationScoped
@Default
@Identifier(TotalsCommitFactory.STRATEGY)
public class TotalsCommitFactory implements KafkaCommitHandler.Factory {

    /** The name of the strategy in {@code mp.messaging.incoming.<channel>.commit-strategy}. */
    public static final String STRATEGY = "totals";

    private final RunningAverage average;
    private final Duration interval;
    private final Map<String, TotalsCommit> byChannel = new ConcurrentHashMap<>();

    TotalsCommitFactory(RunningAverage average,
            @ConfigProperty(name = "orderstream.pipeline.commit-interval") Duration interval) {
        // Behind the proxy: it is called twice for each record.
        this.average = ClientProxy.unwrap(average);
        this.interval = interval;
    }

    @Override
    public KafkaCommitHandler create(KafkaConnectorIncomingConfiguration config, Vertx vertx, KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure) {
        TotalsCommit commit = new TotalsCommit(vertx, consumer, average, interval);
        byChannel.put(config.getChannel(), commit);
        return commit;
    }

    /** The commit strategy of a channel, empty if it has none or is not started yet. */
    public Optional<TotalsCommit> find(String channel) {
        return Optional.ofNullable(byChannel.get(channel));
    }
}
