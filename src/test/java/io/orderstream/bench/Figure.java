package io.orderstream.bench;

import java.util.Locale;

/** What is measured of a row of a table: the head of its column, and how its values are written. */
enum Figure {
    ORDERS("orders", "%,.0f"),
    PER_SECOND("records a second", "%,.0f"),
    CPU("CPU seconds a million", "%.2f"),
    BROKER_CPU("of the broker", "%.2f"),
    BYTES("bytes allocated a record", "%,.0f"),
    PEAK_MEMORY("peak RSS, MB", "%.0f"),
    P50("p50, ms", "%.2f"),
    P99("p99, ms", "%.2f"),
    P999("p99.9, ms", "%.2f"),
    STANDSTILL("longest standstill of a partition, s", "%.2f"),
    CAUGHT_UP("until no order is late, s", "%.2f"),
    TWICE("orders handled twice", "%,.0f");

    private final String title;
    private final String format;

    Figure(String title, String format) {
        this.title = title;
        this.format = format;
    }

    String title() {
        return title;
    }

    String text(double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
