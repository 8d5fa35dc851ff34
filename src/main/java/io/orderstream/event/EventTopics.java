package io.orderstream.event;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.kafka.RequiredTopics;

/** The topics of the event pipeline. */
@ApplicationScoped
public class EventTopics implements RequiredTopics {

    private final EventSettings settings;

    EventTopics(EventSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Topic> topics() {
        return settings.enabled() ? List.of(new Topic(settings.topic(), Purpose.RECORDS),
                new Topic(settings.dlqTopic(), Purpose.DEAD_LETTERS)) : List.of();
    }
}
