package io.orderstream.guarantee;

import java.time.Duration;
import java.util.Locale;

/** How much of each scenario is played: with every build, with {@code -Pfull}, or for long ({@code ./mvnw -Pchaos verify}). */
enum Form {

    QUICK(3_000, 1, 2, 1, 1, Duration.ofSeconds(8), Duration.ofSeconds(6), 1_000),
    SHORT(5_000, 3, 6, 3, 1, Duration.ofSeconds(8), Duration.ofSeconds(6), 3_000),
    LONG(50_000, 25, 40, 3, 10, Duration.ofSeconds(30), Duration.ofSeconds(60), 5_000);

    /** System property that names the form. */
    static final String SETTING = "guarantee.form";

    private final int records;
    private final int kills;
    private final int changes;
    private final int outages;
    private final int stops;
    private final Duration dependencyAway;
    private final Duration platformAway;
    private final int storm;

    Form(int records, int kills, int changes, int outages, int stops, Duration dependencyAway, Duration platformAway,
            int storm) {
        this.records = records;
        this.kills = kills;
        this.changes = changes;
        this.outages = outages;
        this.stops = stops;
        this.dependencyAway = dependencyAway;
        this.platformAway = platformAway;
        this.storm = storm;
    }

    /** The one {@link #SETTING} names; quick without it. */
    static Form chosen() {
        return valueOf(System.getProperty(SETTING, QUICK.name()).toUpperCase(Locale.ROOT));
    }

    int records() {
        return records;
    }

    int kills() {
        return kills;
    }

    /** Instances that come or go. */
    int changes() {
        return changes;
    }

    int outages() {
        return outages;
    }

    int stops() {
        return stops;
    }

    /** How long what the handler calls is away; longer than all retries of an order take. */
    Duration dependencyAway() {
        return dependencyAway;
    }

    /** How long the registry or the broker is away. */
    Duration platformAway() {
        return platformAway;
    }

    /** Orders that are written at once. */
    int storm() {
        return storm;
    }
}
