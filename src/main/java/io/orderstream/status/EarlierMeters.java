package io.orderstream.status;

import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;

/** What an application that ran before in this JVM, as in tests, has left: its meters would stand in for ours. */
final class EarlierMeters {

    private EarlierMeters() {
    }

    static void remove(MeterRegistry registry, String... names) {
        Stream.of(names).flatMap(name -> registry.find(name).meters().stream()).forEach(registry::remove);
    }
}
