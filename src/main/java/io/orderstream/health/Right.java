package io.orderstream.health;

import java.util.Locale;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Something the broker has to let the application do.
 *
 * @param type what it is done with: a topic, a group or a transactional id
 * @param name its name
 * @param operation what is done
 * @param isNeeded whether a pipeline cannot do its work without, so that the instance is not ready
 * @param without what does not work without
 */
record Right(ResourceType type, String name, AclOperation operation, boolean isNeeded, String without) {

    /** The resource, as it is named in the answer of the check. */
    String resource() {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + name;
    }

    /** What is missing, as a sentence about the resource. */
    String describe() {
        String word = operation.name().substring(0, 1) + operation.name().substring(1).toLowerCase(Locale.ROOT);
        return "no right " + word + ": " + without;
    }
}
