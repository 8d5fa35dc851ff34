package io.orderstream.order;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.kafka.RequiredTopics;

/** The topics of the order pipeline. */
@ApplicationScoped
public class OrderTopics implements RequiredTopics {

    private final OrderSettings settings;

    OrderTopics(OrderSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Topic> topics() {
        return List.of(new Topic(settings.topic(), Purpose.RECORDS), new Topic(settings.retryTopic(), Purpose.RECORDS),
                new Topic(settings.dlqTopic(), Purpose.DEAD_LETTERS));
    }
}
