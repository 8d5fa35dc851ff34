package io.orderstream.kafka;

import java.util.List;
import java.util.Set;

/** Declares topics that a part of the application requires. All beans of this type are considered at startup. */
public interface RequiredTopics {

    /** Purpose of a topic, which determines how it is created. */
    enum Purpose {
        /** Records to be processed. */
        RECORDS,
        /** Dead letters, which have a retention of their own. */
        DEAD_LETTERS,
        /** The last state of each key: a single partition, compacted, without retention. */
        STATE
    }

    /**
     * A topic that must exist.
     *
     * @param sources of a topic of dead letters, the topics whose records it has to take
     */
    record Topic(String name, Purpose purpose, Set<String> sources) {

        public Topic(String name, Purpose purpose) {
            this(name, purpose, Set.of());
        }
    }

    /** Returns the topics required. */
    List<Topic> topics();
}
