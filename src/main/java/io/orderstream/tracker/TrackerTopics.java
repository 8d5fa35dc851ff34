package io.orderstream.tracker;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.kafka.RequiredTopics;

/** The topics of the order tracker. */
@ApplicationScoped
public class TrackerTopics implements RequiredTopics {

    private final TrackerSettings settings;

    TrackerTopics(TrackerSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Topic> topics() {
        return settings.enabled() ? List.of(new Topic(settings.topic(), Purpose.RECORDS),
                new Topic(settings.dlqTopic(), Purpose.DEAD_LETTERS)) : List.of();
    }
}
