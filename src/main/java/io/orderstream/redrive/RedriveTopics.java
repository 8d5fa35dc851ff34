package io.orderstream.redrive;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.deadletter.DeadLetterSettings;
import io.orderstream.kafka.RequiredTopics;

/** Requires the compacted topic of the redrive jobs. */
@ApplicationScoped
public class RedriveTopics implements RequiredTopics {

    private final DeadLetterSettings settings;

    RedriveTopics(DeadLetterSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Topic> topics() {
        return List.of(new Topic(settings.redriveTopic(), Purpose.STATE));
    }
}
