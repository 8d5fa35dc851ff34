package io.orderstream.order;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;

import io.orderstream.spool.Undelivered;
import io.orderstream.support.Failures;
import io.orderstream.support.LogText;
import io.orderstream.trace.LogIds;
import io.orderstream.trace.Tracing;
import io.orderstream.trace.WriteTrace;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

/**
 * The orders on their way to the broker. What fails for a reason that may pass is tried three times; what fails for the
 * last time, or is refused for good, is spooled. Each order is confirmed, spooled, or still in here. Thread safe.
 */
final class OrderWriter {

    static final int TRIES = 3;
    /**
     * Those that wait for their next try included. Enough that the producer's batches are full while it waits for the broker.
     */
    static final int MOST_UNDER_WAY = 4096;

    private static final Logger LOG = Logger.getLogger(OrderWriter.class);
    private static final String PRODUCER = "order-generator";

    private final String topic;
    private final String deadLetterTopic;
    private final Duration firstBackoff;
    private final Function<Undelivered, Uni<Void>> spool;
    private final Tracing tracing;
    private final Set<Outgoing> underWay = ConcurrentHashMap.newKeySet();
    private final UnicastProcessor<Message<byte[]>> again = UnicastProcessor.create();
    private final Subscriber<Message<byte[]>> serializedAgain = again.serialized();

    /**
     * @param topic where the orders go
     * @param deadLetterTopic where those go that cannot be delivered
     * @param firstBackoff time before the second try; doubles before the third
     * @param spool completes when what it is given is on the disk
     * @param tracing follows each order until it is confirmed or spooled
     */
    OrderWriter(String topic, String deadLetterTopic, Duration firstBackoff, Function<Undelivered, Uni<Void>> spool,
            Tracing tracing) {
        this.topic = topic;
        this.deadLetterTopic = deadLetterTopic;
        this.firstBackoff = firstBackoff;
        this.spool = spool;
        this.tracing = tracing;
    }

    /** One order, from its first try on. Equal only to itself. */
    private static final class Outgoing {

        private final Order order;
        private final byte[] key;
        private final byte[] value;
        private final Instant at;
        private final Headers headers = new RecordHeaders();
        private final WriteTrace trace;
        private final AtomicBoolean givenUp = new AtomicBoolean();
        private volatile int tries;
        /** Of the last try; null if it has not ended. */
        private volatile Throwable failure;

        Outgoing(Order order, byte[] value, Instant at, String topic, Tracing tracing) {
            this.order = order;
            this.key = order.getOrderId().getBytes(StandardCharsets.UTF_8);
            this.value = value;
            this.at = at;
            this.trace = tracing.writing(topic, key, headers);
        }

        ProducerRecord<byte[], byte[]> record(String topic) {
            return new ProducerRecord<>(topic, null, at.toEpochMilli(), key, value, headers);
        }

        /** Not made with each order, since an exception walks the whole stack when it is made. */
        Throwable reason() {
            return failure == null
                    ? new IllegalStateException("the application ended before the broker confirmed the order")
                    : failure;
        }
    }

    /** How many more orders may be made. */
    int room() {
        return Math.max(0, MOST_UNDER_WAY - underWay.size());
    }

    /** The message of the first try of an order. */
    Message<byte[]> first(Order order, byte[] value) {
        return next(begin(order, value));
    }

    /**
     * Makes the first try of an order, without a message: the way of those of which many are due at a time. To be called on
     * the producer's sending thread, where it may block as long as the producer does.
     */
    void send(Producer<byte[], byte[]> producer, Order order, byte[] value) {
        Outgoing outgoing = begin(order, value);
        outgoing.tries++;
        try {
            producer.send(outgoing.record(topic), (at, failure) -> {
                if (failure == null) {
                    confirmed(outgoing, at);
                } else {
                    failed(outgoing, failure);
                }
            });
        } catch (RuntimeException e) {
            failed(outgoing, e);
        }
    }

    private Outgoing begin(Order order, byte[] value) {
        Outgoing outgoing = new Outgoing(order, value, Instant.now(), topic, tracing);
        underWay.add(outgoing);
        return outgoing;
    }

    /** The messages of second and third tries, when they are due. Never ends. */
    Multi<Message<byte[]>> again() {
        return again;
    }

    private Message<byte[]> next(Outgoing outgoing) {
        outgoing.tries++;
        OutgoingMessageMetadata<RecordMetadata> confirmed = new OutgoingMessageMetadata<>();
        Metadata metadata = Metadata.of(confirmed, OutgoingKafkaRecordMetadata.<byte[]> builder().withKey(outgoing.key)
                .withTimestamp(outgoing.at).withHeaders(outgoing.headers).build());
        return Message.of(outgoing.value, metadata, () -> {
            confirmed(outgoing, confirmed.getResult());
            return done();
        }, failure -> failed(outgoing, failure));
    }

    private void confirmed(Outgoing outgoing, RecordMetadata at) {
        underWay.remove(outgoing);
        outgoing.trace.confirmed(at.partition(), at.offset());
        Order order = outgoing.order;
        debug(outgoing, () -> LOG.debugf("produced: order=%s product=\"%s\" price=%.2f partition=%d offset=%d",
                LogText.value(order.getOrderId()), LogText.quoted(order.getProduct()), order.getPrice(), at.partition(),
                at.offset()));
    }

    private CompletionStage<Void> failed(Outgoing outgoing, Throwable failure) {
        outgoing.failure = failure;
        if (outgoing.tries >= TRIES || !mayPass(failure)) {
            return spool(outgoing).subscribeAsCompletionStage();
        }
        outgoing.trace.failed(failure);
        Duration backoff = firstBackoff.multipliedBy(1L << (outgoing.tries - 1));
        debug(outgoing, () -> LOG.debugf("order not delivered yet: order=%s try=%d reason=\"%s\"",
                LogText.value(outgoing.order.getOrderId()), outgoing.tries, Failures.reason(failure)));
        Uni.createFrom().voidItem().onItem().delayIt().by(backoff).subscribe().with(due -> {
            if (!outgoing.givenUp.get()) {
                serializedAgain.onNext(next(outgoing));
            }
        });
        return done();
    }

    /** What Kafka does not call retriable is refused for good; what is no answer of Kafka's may be anything. */
    private static boolean mayPass(Throwable failure) {
        return failure instanceof RetriableException || !(failure instanceof ApiException);
    }

    /** Spools what is still under way. To be called when the channel is closed: nothing is sent any more. */
    void spoolRest() {
        underWay.forEach(outgoing -> spool(outgoing).subscribe().with(spooled -> {
        }));
    }

    private Uni<Void> spool(Outgoing outgoing) {
        // A try may fail while the application ends: whoever is first.
        if (!outgoing.givenUp.compareAndSet(false, true)) {
            return Uni.createFrom().voidItem();
        }
        Throwable reason = outgoing.reason();
        outgoing.trace.givenUp(reason);
        return spool.apply(new Undelivered(outgoing.record(topic), deadLetterTopic, PRODUCER, outgoing.tries, reason))
                .invoke(() -> debug(outgoing, () -> LOG.debugf("spooled: order=%s tries=%d reason=\"%s\"",
                        LogText.value(outgoing.order.getOrderId()), outgoing.tries, Failures.reason(reason))))
                .onFailure()
                .invoke(closed -> LogIds.about(outgoing.trace.ids(), () -> LOG.errorf("order lost: order=%s reason=\"%s\"",
                        LogText.value(outgoing.order.getOrderId()), Failures.reason(closed))))
                .onFailure().recoverWithNull()
                .invoke(() -> underWay.remove(outgoing));
    }

    private static void debug(Outgoing outgoing, Runnable line) {
        if (LOG.isDebugEnabled()) {
            LogIds.about(outgoing.trace.ids(), line);
        }
    }

    private static CompletionStage<Void> done() {
        return Uni.createFrom().voidItem().subscribeAsCompletionStage();
    }
}
