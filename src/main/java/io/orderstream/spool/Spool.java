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
import io.orderstream.kafka.KafkaConnections;
import io.orderstream.metrics.Metric;
import io.orderstream.settings.Lifecycle;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;

/**
 * Keeps on disk what a producer could not write to Kafka, and writes it to the dead-letter topics once the broker answers, as
 * {@code undeliverable}: each entry exactly once, also if the process is killed in between. All methods may be called on
 * any thread.
 */
@ApplicationScoped
public class Spool {

    private static final Logger LOG = Logger.getLogger(Spool.class);
    /** Whose records these are: the generator of orders is the only one that spools. */
    private static final String PIPELINE = "orders";
    private static final String CLIENT = "orderstream-spool";
    /**
     * A try that waits for an answer is better than a new one: within this time the broker itself knows a letter that
     * comes twice. The requests in it are given up sooner, so that a broker that is back is noticed.
     */
    private static final Map<String, Object> PRODUCER = Map.of(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000, ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);

    private final Path directory;
    private final long maxBytes;
    private final KafkaConnections connections;
    private final Counter deadLettered;
    private volatile SpoolStore store;
    private volatile SpoolWriter writer;
    private volatile SpoolDrain drain;

    Spool(SpoolSettings settings, KafkaConnections connections, MeterRegistry registry) {
        this.directory = Path.of(settings.directory());
        this.maxBytes = settings.maxBytes();
        this.connections = connections;
        this.deadLettered = Metric.DEAD_LETTERED.counter(registry, PIPELINE, DeadLetterKind.UNDELIVERABLE.label());
    }

    /** Sends what an earlier run has left, also if nobody here is about to append. Another process that has it may keep it. */
    void start(@Observes @Priority(Lifecycle.Start.SPOOL) StartupEvent event) {
        try {
            if (store == null && SpoolStore.hasFiles(directory)) {
                openDirectory();
            }
        } catch (SpoolInUseException e) {
            LOG.infof("spool is left to the process that has it: directory=%s", directory);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Opens the spool, once. Who is going to append calls this at the start, so that it fails before there is something
     * to be lost.
     *
     * @throws ConfigurationException if another process has the directory, or it cannot be used
     */
    public synchronized void open() {
        try {
            if (store == null) {
                openDirectory();
            }
        } catch (SpoolInUseException e) {
            throw new ConfigurationException(
                    "SPOOL_DIRECTORY must be a directory no other process uses, but '" + directory + "' is in use.");
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** The sentence alone: Quarkus prints it without a stack trace if it has no cause. */
    private ConfigurationException unusable(IOException failure) {
        return new ConfigurationException("SPOOL_DIRECTORY must be a directory that can be read and written, but '" + directory
                + "' is not: " + failure + ".");
    }

    private synchronized void openDirectory() throws IOException {
        SpoolStore opened = new SpoolStore(directory, Clock.systemUTC());
        if (opened.entries() > 0) {
            LOG.infof("spool of an earlier run: entries=%d bytes=%d directory=%s", opened.entries(), opened.bytes(), directory);
        }
        SpoolSender sender = new SpoolSender(opened, () -> connections.consumer(CLIENT, Map.of()),
                () -> connections.producer(CLIENT, PRODUCER));
        drain = new SpoolDrain(sender, sent -> {
            deadLettered.increment(sent);
            writer.roomMade();
        });
        writer = new SpoolWriter(opened, maxBytes, drain::wakeUp).start();
        drain.start();
        store = opened;
    }

    /**
     * Takes a record that could not be written. While the spool is full it waits in memory: who appends has to look at
     * {@link #isFull()} before making more.
     *
     * @return completes, on the spool's thread, when the record is on the disk; fails only if the spool is not open
     */
    public Uni<Void> append(Undelivered undelivered) {
        SpoolWriter open = writer;
        if (open == null) {
            return Uni.createFrom().failure(new IllegalStateException("the spool has not been opened"));
        }
        SpoolEntry entry = SpoolEntries.of(undelivered, Clock.systemUTC().instant());
        return Uni.createFrom().completionStage(open.append(entry));
    }

    /** Whether no more can be taken: {@code SPOOL_MAX_BYTES} are reached, or the disk refuses. */
    public boolean isFull() {
        SpoolWriter open = writer;
        return open != null && open.isFull();
    }

    /** Entries that wait for the broker. */
    public long entries() {
        SpoolStore open = store;
        return open == null ? 0 : open.entries();
    }

    /** Bytes of entries on the disk, those already sent from a file that is not yet done included. */
    public long bytes() {
        SpoolStore open = store;
        return open == null ? 0 : open.bytes();
    }

    /** Called when the producers of the channels are closed and have handed over what they could not send. */
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
