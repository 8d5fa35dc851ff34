package io.orderstream.order;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.pipeline.RequiredTopics;

/** The topics of the order pipeline. */
@ApplicationScoped
public class OrderTopics implements RequiredTopics {

    private final OrderSettings settings;

    OrderTopics(OrderSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Topic> topics() {
        return List.of(new Topic(settings.topic(), false), new Topic(settings.dlqTopic(), true));
    }
}
