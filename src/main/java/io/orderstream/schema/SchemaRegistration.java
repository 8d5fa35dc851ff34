package io.orderstream.schema;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.avro.Schema;
import org.jboss.logging.Logger;

import io.orderstream.support.Failures;
import io.orderstream.support.LogText;
import io.smallrye.mutiny.Uni;

/**
 * Obtains the id of a writer schema, retrying with exponential backoff while the registry is unavailable.
 * <p>
 * Thread safe, never blocks.
 */
public class SchemaRegistration {

    private static final Logger LOG = Logger.getLogger(SchemaRegistration.class);

    private final RegistryClient client;
    private final boolean autoRegister;
    private final Duration firstDelay;
    private final Duration longestDelay;

    /**
     * @param autoRegister whether to register a missing schema; if false, it must be registered already
     * @param firstDelay delay after the first attempt; it doubles up to the longest
     */
    SchemaRegistration(RegistryClient client, boolean autoRegister, Duration firstDelay, Duration longestDelay) {
        this.client = client;
        this.autoRegister = autoRegister;
        this.firstDelay = firstDelay;
        this.longestDelay = longestDelay;
    }

    /** Returns the subject of a topic's values under Confluent's default {@code TopicNameStrategy}. */
    public static String valueSubject(String topic) {
        return topic + "-value";
    }

    /**
     * Registers or looks up a schema under every subject, one after the other.
     *
     * @param subjects at least one
     * @return the schema's id under the first subject; fails only with {@link RegistryRejectedException}, since it
     *         retries for as long as the registry is unavailable
     */
    public Uni<Integer> idOf(Schema schema, List<String> subjects) {
        if (subjects.isEmpty()) {
            throw new IllegalArgumentException("a schema needs at least one subject");
        }
        Uni<Integer> id = idUnder(subjects.get(0), schema);
        for (String subject : subjects.subList(1, subjects.size())) {
            id = id.call(() -> idUnder(subject, schema));
        }
        return id;
    }

    private Uni<Integer> idUnder(String subject, Schema schema) {
        AtomicBoolean waiting = new AtomicBoolean();
        return Uni.createFrom().deferred(() -> autoRegister ? client.register(subject, schema) : client.lookup(subject, schema))
                .onFailure(RegistryUnavailableException.class).invoke(failure -> {
                    if (waiting.compareAndSet(false, true)) {
                        LOG.warnf("The schema registry is unavailable, waiting for it: subject=%s reason=%s", subject,
                                LogText.value(Failures.message(failure)));
                    }
                })
                .onFailure(RegistryUnavailableException.class).retry().withBackOff(firstDelay, longestDelay).indefinitely()
                .onItemOrFailure().invoke((id, failure) -> {
                    if (waiting.get()) {
                        LOG.infof("The schema registry answers again: subject=%s", subject);
                    }
                })
                .onFailure(RegistryRejectedException.class)
                .transform(failure -> refusal(subject, schema, failure));
    }

    private RegistryRejectedException refusal(String subject, Schema schema, RegistryRejectedException cause) {
        String advice = autoRegister ? ""
                : ". Automatic registration is off (SCHEMA_AUTO_REGISTER=false): register the schema first";
        return new RegistryRejectedException("The schema registry refuses schema %s under subject '%s' (HTTP %d, code %d): %s%s"
                .formatted(schema.getFullName(), subject, cause.status(), cause.errorCode(), cause.getMessage(), advice),
                cause);
    }
}
