package io.orderstream.health;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

import io.orderstream.deadletter.DeadLetterSettings;
import io.orderstream.pipeline.RunningPipeline;

/**
 * Puts together the rights that the application uses as it is configured. docs/kafka-security.md has them as a table; that this
 * list and the table are right is what SecuredKafkaIT takes each of them away for.
 */
final class NeededRights {

    private final List<Right> rights = new ArrayList<>();
    private final boolean areRetriesMoved;
    private final String instance;

    /**
     * @param areRetriesMoved whether records wait for their retries in the retry topic
     * @param instance name of this instance, with which its transactional ids end; empty if it has another at each start
     */
    NeededRights(boolean areRetriesMoved, Optional<String> instance) {
        this.areRetriesMoved = areRetriesMoved;
        this.instance = instance.orElse("");
    }

    /** What a pipeline does with its topics and groups. */
    NeededRights of(RunningPipeline pipeline) {
        List<RunningPipeline.Source> sources = pipeline.sources();
        Iterator<String> channels = pipeline.consumers().keySet().iterator();
        for (RunningPipeline.Source source : sources) {
            String channel = channels.next();
            boolean isOwn = source == sources.get(0);
            String of = " of the pipeline " + pipeline.name();
            topic(source.topic(), AclOperation.CREATE, false, "the topic is not there, and cannot be created");
            topic(source.topic(), AclOperation.READ, true, (isOwn ? "the records" : "the retries") + of + " cannot be read");
            group(source.group(), true, (isOwn ? "the records" : "the retries") + of + " cannot be read");
            topic(source.topic(), AclOperation.WRITE, !isOwn && areRetriesMoved, isOwn
                    ? "nothing can be published to it, nor redriven"
                    : "a record" + of + " cannot wait in it for its retry");
            topic(source.deadLetterTopic(), AclOperation.CREATE, false, "the topic is not there, and cannot be created");
            topic(source.deadLetterTopic(), AclOperation.WRITE, true, "dead letters" + of + " cannot be written");
            if (areRetriesMoved && sources.size() > 1) {
                add(new Right(ResourceType.TRANSACTIONAL_ID, source.group() + "-" + channel + "-" + instance,
                        AclOperation.WRITE, true, "a record" + of + " cannot be moved to its retry topic"));
            }
        }
        return this;
    }

    /** What is read beside the pipelines. */
    NeededRights ofDeadLetters(Set<String> topics) {
        topics.forEach(topic -> topic(topic, AclOperation.READ, false,
                "its dead letters are neither counted nor listed, nor can they be redriven"));
        return this;
    }

    /** What the redrive jobs need beside the topics they read from and write to. */
    NeededRights ofRedrive(DeadLetterSettings settings, String groupId) {
        String jobs = settings.redriveTopic();
        topic(jobs, AclOperation.CREATE, false, "the topic is not there, and cannot be created");
        topic(jobs, AclOperation.READ, false, "redrive jobs can be neither listed nor run");
        topic(jobs, AclOperation.WRITE, false, "no redrive job can be begun or go on");
        group(groupId + DeadLetterSettings.REDRIVE_GROUP, false, "redrive jobs are not run by this instance");
        return this;
    }

    private void topic(String name, AclOperation operation, boolean isNeeded, String without) {
        add(new Right(ResourceType.TOPIC, name, operation, isNeeded, without));
    }

    private void group(String name, boolean isNeeded, String without) {
        add(new Right(ResourceType.GROUP, name, AclOperation.READ, isNeeded, without));
    }

    /** Several may do the same; it is named once, for the one that comes first. */
    private void add(Right right) {
        if (rights.stream().noneMatch(known -> known.type() == right.type() && known.name().equals(right.name())
                && known.operation() == right.operation())) {
            rights.add(right);
        }
    }

    List<Right> all() {
        return List.copyOf(rights);
    }
}
