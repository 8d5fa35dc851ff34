package io.orderstream.api;

/**
 * Server-sent event of {@code GET /api/stream}.
 *
 * @param name event type
 * @param json data of the event
 */
record StreamEvent(String name, String json) {

    /** Marks the end of the stream; not sent. */
    static final StreamEvent END = new StreamEvent("end", "");
}
