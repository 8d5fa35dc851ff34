package io.orderstream.tracker;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.orderstream.kafka.TopicCreator;
import io.orderstream.pipeline.Generator;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;

/** Publishes a random item order at each interval, as many as set: a source for dev mode. */
@ApplicationScoped
public class ItemOrderGenerator {

    private static final List<String> USERS = List.of("alice", "bob", "carol", "david", "erin");
    private static final List<String> ITEMS = List.of("chicken burger", "lentil soup", "mushroom pizza", "ramen", "tofu wrap");
    private static final int MOST_PIECES = 9;

    private final TrackerSettings settings;
    private final Generator generator;

    ItemOrderGenerator(TrackerSettings settings, ItemOrderPublisher publisher, TopicCreator topics) {
        this.settings = settings;
        this.generator = new Generator("item orders", topics.ready(),
                () -> publisher.publish(random(ThreadLocalRandom.current()).encode().getBytes(StandardCharsets.UTF_8)));
    }

    /** After the channels have started. */
    void start(@Observes @Priority(Lifecycle.Start.GENERATORS) StartupEvent event) {
        generator.start(settings.interval(), settings.enabled() ? settings.count() : 0);
    }

    static JsonObject random(Random random) {
        return JsonObject.of("order_id", UUID.randomUUID().toString(), "user", USERS.get(random.nextInt(USERS.size())), "item",
                ITEMS.get(random.nextInt(ITEMS.size())), "quantity", random.nextInt(MOST_PIECES) + 1);
    }

    /** Before the channels close. */
    void stop(@Observes @Priority(Lifecycle.Stop.GENERATORS) ShutdownEvent event) {
        generator.stop();
    }
}
