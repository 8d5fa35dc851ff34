package io.orderstream.api;

/**
 * An event for those who listen to {@code GET /api/stream}.
 *
 * @param name its type
 * @param json what it says
 */
record StreamEvent(String name, String json) {

    /** Nothing follows. It is not sent. */
    static final StreamEvent END = new StreamEvent("end", "");
}
