package io.orderstream.monitoring;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.event.EventProcessor;
import io.orderstream.event.EventSettings;
import io.orderstream.order.OrderProcessor;
import io.orderstream.tracker.OrderTracker;
import io.orderstream.tracker.TrackerSettings;

/** Names of all enabled pipelines, available before the pipelines are created. */
@ApplicationScoped
public class Pipelines {

    private final List<String> names = new ArrayList<>(List.of(OrderProcessor.PIPELINE));

    Pipelines(EventSettings events, TrackerSettings tracker) {
        if (events.enabled()) {
            names.add(EventProcessor.PIPELINE);
        }
        if (tracker.enabled()) {
            names.add(OrderTracker.PIPELINE);
        }
    }

    List<String> names() {
        return names;
    }
}
