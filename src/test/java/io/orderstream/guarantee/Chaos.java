package io.orderstream.guarantee;

/** What goes wrong during a run. Whatever it does, the {@link ProcessingGuarantee}s have to hold afterwards. */
interface Chaos {

    /** How often something does. */
    int count();

    /** Does it, while records are written and handled; leaves at least one instance and the broker running. */
    void unleash(Stage stage);
}
