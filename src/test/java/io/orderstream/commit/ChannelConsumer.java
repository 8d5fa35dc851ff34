package io.orderstream.commit;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderstream.totals.RunningTotals;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.smallrye.reactive.messaging.kafka.impl.RuntimeKafkaSourceConfiguration;
import io.vertx.core.Context;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.core.Vertx;

/** SmallRye's consumer of a channel with our commit strategy, as the application has it, for a broker of a test. */
final class ChannelConsumer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ChannelConsumer.class);
    static final String CHANNEL = "orders-in";
    static final Duration SESSION = Duration.ofSeconds(3);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final Admin admin;
    private final ReactiveKafkaConsumer<byte[], byte[]> consumer;
    private final TotalsCommit commits;

    /** @param client properties of the client, which win */
    ChannelConsumer(String group, String topic, Map<String, Object> client) {
        Map<String, Object> properties = new HashMap<>(Map.of("group.id", group, "client.id", "client", "key.deserializer",
                ByteArrayDeserializer.class.getName(), "value.deserializer", ByteArrayDeserializer.class.getName(),
                "enable.auto.commit", "false", "auto.offset.reset", "earliest", "session.timeout.ms",
                Long.toString(SESSION.toMillis()), "heartbeat.interval.ms", "500", "metadata.max.age.ms", "1000"));
        properties.putAll(Map.of("allow.auto.create.topics", "false", "isolation.level", "read_committed",
                "partition.assignment.strategy", CooperativeStickyAssignor.class.getName()));
        properties.putAll(client);
        Map<String, Object> connection = new HashMap<>(client);
        connection.keySet().retainAll(Set.of("bootstrap.servers", "security.protocol", "sasl.mechanism", "sasl.jaas.config"));
        connection.put("default.api.timeout.ms", 2_000);
        connection.put("request.timeout.ms", 2_000);
        admin = Admin.create(connection);
        Context eventLoop = ((VertxInternal) vertx.getDelegate()).createEventLoopContext();
        consumer = new ReactiveKafkaConsumer<>(properties, null, null,
                new RuntimeKafkaSourceConfiguration(CHANNEL, true, 8, -1, true, 2, 500, 1_000), false, 500, true, created -> {
                }, (failure, isFatal) -> {
                }, eventLoop);
        ConsumerWatch watch = new ConsumerWatch(consumer, CHANNEL, group, SESSION, () -> Duration.ofHours(1),
                () -> TotalsCommitFactory.members(admin, group));
        commits = new TotalsCommit(vertx, consumer, watch, new Counting(new RunningTotals(), true, 0), Duration.ofSeconds(1),
                TotalsCommits.noTransactions(), new SimpleMeterRegistry(), CHANNEL, TotalsCommits.lost(),
                TotalsCommits.positions(), TotalsCommits.CALL_TIMEOUT);
        commits.capture(eventLoop);
        consumer.setRebalanceListener(null, commits);
        consumer.subscribeBatch(Set.of(topic)).subscribe()
                .with(batch -> batch.forEach(record -> received.add(new String(record.value()))));
    }

    /** The values of the records that were delivered, in their order. */
    List<String> received() {
        return List.copyOf(received);
    }

    ConsumerState state() {
        return commits.consumer();
    }

    @Override
    public void close() {
        await(commits::leave);
        admin.close(Duration.ZERO);
        vertx.closeAndAwait();
    }

    /**
     * As the application does it: a slow moment is no failure, it ends in the background, and who needs the end awaits its
     * effect.
     */
    private static void await(Runnable closing) {
        try {
            closing.run();
        } catch (TimeoutException e) {
            LOG.infof(e, "consumer closes in the background: channel=%s", CHANNEL);
        }
    }
}
