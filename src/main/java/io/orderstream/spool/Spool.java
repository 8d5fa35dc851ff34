package io.orderstream.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.jboss.logging.Logger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.orderstream.deadletter.DeadLetterKind;
import io.orderstream.deadletter.KeptLetters;
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.kafka.TopicReader;
import io.orderstream.metrics.Metric;
import io.orderstream.support.Lifecycle;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;

/**
 * Stores records on disk that a producer could not write to Kafka, and sends them to the dead-letter topics as
 * {@code undeliverable} once the broker answers: each exactly once, even if the process is killed in between. Thread
 * safe.
 */
@ApplicationScoped
public class Spool {

    private static final Logger LOG = Logger.getLogger(Spool.class);
    /** The pipeline of all entries: only the generator of orders uses the spool. */
    private static final String PIPELINE = "orders";
    private static final String CLIENT = "orderstream-spool";
    /**
     * Waiting for an acknowledgement is better than sending again: within the delivery timeout the idempotent
     * producer rules out duplicates. The shorter request timeout lets it notice that the broker is back.
     */
    private static final Map<String, Object> PRODUCER = Map.of(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000, ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000,
            // No batching, as for all dead letters: a batch with one that is too large would fail as a whole.
            ProducerConfig.BATCH_SIZE_CONFIG, 0);

    private final Path directory;
    private final long maxBytes;
    private final KafkaConnections connections;
    private final Counter deadLettered;
    private final KeptLetters kept;
    private volatile SpoolStore store;
    private volatile SpoolWriter writer;
    private volatile SpoolDrain drain;

    Spool(SpoolSettings settings, KafkaConnections connections, MeterRegistry registry, KeptLetters kept) {
        this.kept = kept;
        this.directory = Path.of(settings.directory());
        this.maxBytes = settings.maxBytes();
        this.connections = connections;
        this.deadLettered = Metric.DEAD_LETTERED.counter(registry, PIPELINE, DeadLetterKind.UNDELIVERABLE.label());
    }

    /** Sends what an earlier run has left, even if this one never appends; not if another process uses the spool. */
    void start(@Observes @Priority(Lifecycle.Start.SPOOL) StartupEvent event) {
        try {
            if (SpoolStore.hasFiles(directory)) {
                openDirectory();
            }
        } catch (SpoolStore.InUseException e) {
            LOG.infof("spool is left to the process that has it: directory=%s", directory);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Opens the spool; has no effect if it is open. Call it at the start, before there are records to be lost.
     *
     * @throws ConfigurationException if another process uses the directory, or it is not readable and writable
     */
    public void open() {
        try {
            openDirectory();
        } catch (SpoolStore.InUseException e) {
            throw new ConfigurationException(
                    "SPOOL_DIRECTORY must be a directory no other process uses, but '" + directory + "' is in use.");
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Has no cause: then Quarkus prints the message without a stack trace. */
    private ConfigurationException unusable(IOException failure) {
        return new ConfigurationException("SPOOL_DIRECTORY must be a directory that can be read and written, but '" + directory
                + "' is not: " + failure + ".");
    }

    private synchronized void openDirectory() throws IOException {
        if (store != null) {
            return;
        }
        SpoolStore opened = new SpoolStore(directory, Clock.systemUTC());
        if (opened.entries() > 0) {
            LOG.infof("spool of an earlier run: entries=%d bytes=%d directory=%s", opened.entries(), opened.bytes(), directory);
        }
        SpoolSender sender = new SpoolSender(opened, () -> new TopicReader(connections, CLIENT),
                () -> connections.producer(CLIENT, PRODUCER), kept);
        drain = new SpoolDrain(sender, sent -> {
            deadLettered.increment(sent);
            writer.roomMade();
        });
        writer = new SpoolWriter(opened, maxBytes, drain::wakeUp).start();
        drain.start();
        store = opened;
    }

    /**
     * Stores a record that could not be written. While the spool is full the record waits in memory, so callers must
     * check {@link #isFull()} before they create more.
     *
     * @return completes on the spool's thread once the record is on disk; fails if the spool is not open or is closed
     */
    public Uni<Void> append(Undelivered undelivered) {
        SpoolWriter open = writer;
        if (open == null) {
            return Uni.createFrom().failure(new IllegalStateException("the spool has not been opened"));
        }
        SpoolEntry entry = SpoolEntries.of(undelivered, Clock.systemUTC().instant());
        return Uni.createFrom().completionStage(open.append(entry));
    }

    /** Whether entries have to wait: {@code SPOOL_MAX_BYTES} is reached, or the disk cannot be written. */
    public boolean isFull() {
        SpoolWriter open = writer;
        return open != null && open.isFull();
    }

    /** Number of entries not sent yet. */
    public long entries() {
        SpoolStore open = store;
        return open == null ? 0 : open.entries();
    }

    /** Size of the entries on disk in bytes, including those sent from a file that is not finished. */
    public long bytes() {
        SpoolStore open = store;
        return open == null ? 0 : open.bytes();
    }

    /** Closes the spool after the producers of all channels, which spool what they could not send. */
    synchronized void close(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.SPOOL) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (store != null) {
            writer.close();
            drain.close();
            if (store.entries() > 0) {
                LOG.infof("spool stays for the next start: entries=%d bytes=%d directory=%s", store.entries(), store.bytes(),
                        directory);
            }
            store.close();
        }
    }
}
