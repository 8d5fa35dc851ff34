package io.orderstream.pipeline;

import java.util.List;

/** Names the topics a pipeline needs. Every bean of this type is asked at the start. */
public interface RequiredTopics {

    /**
     * A topic that has to exist.
     *
     * @param name its name
     * @param isDeadLetters whether it holds dead letters, which are kept for a time of their own
     */
    record Topic(String name, boolean isDeadLetters) {
    }

    /** The topics needed. */
    List<Topic> topics();
}
