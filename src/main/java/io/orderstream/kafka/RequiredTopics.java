package io.orderstream.kafka;

import java.util.List;

/** Names the topics a part of the application needs. Every bean of this type is asked at the start. */
public interface RequiredTopics {

    /** What a topic holds, from which follows how it is made. */
    enum Purpose {
        /** Records to be handled. */
        RECORDS,
        /** Dead letters, which are kept for a time of their own. */
        DEAD_LETTERS,
        /** The last state of each key: one partition, compacted, kept for ever. */
        STATE
    }

    /**
     * A topic that has to exist.
     *
     * @param name its name
     * @param purpose what it holds
     */
    record Topic(String name, Purpose purpose) {
    }

    /** The topics needed. */
    List<Topic> topics();
}
