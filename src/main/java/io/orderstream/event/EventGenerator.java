package io.orderstream.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

/** Publishes a random event at each interval, as many as set: a source for dev mode. */
@ApplicationScoped
public class EventGenerator {

    private static final int FILES = 50;
    private static final int USERS = 20;

    private final EventSettings settings;
    private final Generator generator;

    EventGenerator(EventSettings settings, EventPublisher publisher, TopicCreator topics) {
        this.settings = settings;
        this.generator = new Generator("events", topics.ready(),
                () -> publisher.publish(random(ThreadLocalRandom.current()).encode().getBytes(StandardCharsets.UTF_8)));
    }

    /** After the channels have started. */
    void start(@Observes @Priority(Lifecycle.Start.GENERATORS) StartupEvent event) {
        generator.start(settings.interval(), settings.enabled() ? settings.count() : 0);
    }

    static JsonObject random(Random random) {
        String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        String file = "file-" + random.nextInt(FILES);
        String user = "user-" + random.nextInt(USERS);
        return switch (random.nextInt(4)) {
            case 0 -> envelope("file-added", now, JsonObject.of("fileId", file, "userId", user, "addedAt", now));
            case 1 -> envelope("file-removed", now, JsonObject.of("fileId", file, "userId", user, "removedAt", now));
            case 2 -> envelope("user-created", now, JsonObject.of("user_id", user, "username", user, "email",
                    user + "@example.com", "createdAt", now, "roles", List.of("user")));
            default -> envelope("user-deleted", now, JsonObject.of("userId", user, "deletedAt", now));
        };
    }

    private static JsonObject envelope(String type, String now, JsonObject payload) {
        return JsonObject.of("eventId", UUID.randomUUID().toString(), "eventType", type, "eventVersion", "1.0", "eventTime",
                now, "payload", payload);
    }

    /** Before the channels close. */
    void stop(@Observes @Priority(Lifecycle.Stop.GENERATORS) ShutdownEvent event) {
        generator.stop();
    }
}
