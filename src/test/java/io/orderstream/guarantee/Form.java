package io.orderstream.guarantee;

import java.util.Locale;

/** How much of each scenario is played: with every build, or for long ({@code ./mvnw -Pchaos verify}). */
enum Form {

    SHORT(5_000, 3, 6, 3, 1),
    LONG(50_000, 25, 40, 3, 10);

    private final int orders;
    private final int kills;
    private final int changes;
    private final int outages;
    private final int stops;

    Form(int orders, int kills, int changes, int outages, int stops) {
        this.orders = orders;
        this.kills = kills;
        this.changes = changes;
        this.outages = outages;
        this.stops = stops;
    }

    /** The one the system property {@code guarantee.form} names; short without it. */
    static Form chosen() {
        return valueOf(System.getProperty("guarantee.form", SHORT.name()).toUpperCase(Locale.ROOT));
    }

    int orders() {
        return orders;
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
}
