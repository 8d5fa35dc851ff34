package io.orderstream.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;

import io.orderstream.activity.Lane;
import io.orderstream.commit.OffsetTracker;
import io.orderstream.commit.TrackedOffset;
import io.orderstream.deadletter.Origin;
import io.orderstream.kafka.RecordMessage;
import io.orderstream.outage.OutageBreaker;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.record.UndecodableException;
import io.orderstream.trace.RecordTrace;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;

/**
 * A record in work: what the pipeline knows of it until it is finished. Its methods are the steps it may take, each of which
 * leaves it consistent. Confined to the event loop of the channel.
 *
 * @param <T> type of the decoded value
 */
final class InFlightRecord<T> implements Delivery<T> {

    private static final long MOST_MILLIS = TimeUnit.DAYS.toMillis(1);

    final ConsumerRecord<byte[], byte[]> record;
    private final IncomingKafkaRecord<byte[], byte[]> source;
    final OffsetTracker tracker;
    final TrackedOffset tracked;
    private final RetryHeaders retry;
    final RecordTrace trace;

    private T value;
    private long amount;
    private Throwable invalid;
    private Object inOrderWith = PipelineDefinition.RECORD_KEY;
    private LaneKey lane;
    /** Unsuccessful tries to decode the value after what it takes had been fetched. */
    private int fetches;
    private int attempt;
    /** Attempts that do not count, because they were made in an outage, or while the process stood still. */
    private int uncounted;
    private OutageBreaker.Ticket ticket;
    private UniEmitter<? super Void> retrySession;
    private Throwable lastFailure;
    private long failedAtNanos;
    /** What it waits for once it is read and before it ends. */
    private Lane.State waitsFor = Lane.State.HANDLING;
    private boolean isNoted;
    private boolean isEnding;
    private boolean isDone;

    /**
     * @param source the message with which it came
     * @param tracker of the record's partition
     * @param tracked what the tracker gave for the record
     * @param retry what the headers of a record of a retry topic say, otherwise null
     */
    InFlightRecord(ConsumerRecord<byte[], byte[]> record, IncomingKafkaRecord<byte[], byte[]> source, OffsetTracker tracker,
            TrackedOffset tracked, RetryHeaders retry, Tracing tracing) {
        this.record = record;
        this.source = source;
        this.tracker = tracker;
        this.tracked = tracked;
        this.retry = retry;
        this.trace = tracing.taken(record.topic(), record.partition(), record.offset(), record.key(), record.headers());
        if (retry != null) {
            this.attempt = retry.attempts();
            // It was put there when that attempt had failed.
            this.failedAtNanos = System.nanoTime() - ageNanos(record.timestamp());
        }
        if (tracked.rejection() != null) {
            this.attempt = tracked.attempts();
            this.lastFailure = tracked.rejection();
        }
    }

    /** Whatever another's clock has made of the time: between nothing and a day. */
    private static long ageNanos(long timestamp) {
        long millis = System.currentTimeMillis() - timestamp;
        return TimeUnit.MILLISECONDS.toNanos(Math.max(0, Math.min(millis, MOST_MILLIS)));
    }

    /** The record has been decoded. */
    void decoded(T decoded) {
        value = decoded;
    }

    /**
     * The definition has said which records the value keeps its order with, and what it adds to the sum. Throws
     * what the methods of the former throw that a lane needs.
     */
    void described(Object together, long valueAmount) {
        boolean isOwnClass = together != null && together != PipelineDefinition.RECORD_KEY && !(together instanceof String)
                && !(together instanceof byte[]);
        if (isOwnClass && !together.equals(together)) {
            throw new PoisonException("its lane is not equal to itself");
        }
        inOrderWith = isOwnClass ? new LaneKey(record.topic(), record.partition(), together) : together;
        amount = valueAmount;
    }

    /** What it takes to decode the value has been fetched. @return how often that was so */
    int fetched() {
        return ++fetches;
    }

    /** The record will never be handled: it cannot be decoded, or its definition has failed for its value. */
    void invalid(Throwable reason) {
        invalid = reason;
    }

    /** The record is in a lane, or in none if it is null. */
    void entered(LaneKey entered) {
        lane = entered;
    }

    /** The breaker lets the next attempt be made. */
    void admitted(OutageBreaker.Ticket admission) {
        ticket = admission;
    }

    /** The next attempt begins. */
    void attempts() {
        attempt++;
        waitsFor = Lane.State.HANDLING;
    }

    /** The attempt has failed. */
    void failed(Throwable failure) {
        lastFailure = failure;
        failedAtNanos = System.nanoTime();
    }

    /** The attempt was none: it does not count. */
    void attemptIsVoid() {
        uncounted++;
    }

    /** Retries are being made in place: the emitter takes the outcome of the next attempt. */
    void retriedInPlace(UniEmitter<? super Void> next) {
        retrySession = next;
    }

    /** The record waits for something, until its next attempt begins. */
    void waitsFor(Lane.State what) {
        waitsFor = what;
    }

    /** It is shown to those who look, and so is what becomes of it. */
    void noted() {
        isNoted = true;
    }

    /** From now on the record has all its attempts again. */
    void resetAttempts() {
        uncounted = attempt;
        retrySession = null;
    }

    /** The record takes its last step. @return false if it has taken one before, so that this one must not be taken */
    boolean ends() {
        boolean isFirst = !isEnding;
        isEnding = true;
        return isFirst;
    }

    /** The record is let go: who reads it next handles it. */
    void handedBack() {
        if (isRejected()) {
            tracked.rejected(lastFailure, attempt);
        }
        tracker.handedBack(tracked);
    }

    /** Whether the last attempt has shown that none can succeed. */
    boolean isRejected() {
        return lastFailure instanceof PoisonException;
    }

    /** The record is at its end. */
    void done() {
        isDone = true;
    }

    /** Where the record is, which for one of a retry topic is not where it was at first. */
    TopicPartition source() {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** A message of this record alone, which can be nacked. */
    RecordMessage message() {
        return new RecordMessage(record, source);
    }

    boolean isFromRetryTopic() {
        return retry != null;
    }

    boolean isDecoded() {
        return value != null;
    }

    /** Whether it is known what the record holds, or that it will never be handled. */
    boolean isRead() {
        return value != null || invalid != null;
    }

    long amount() {
        return amount;
    }

    /** Why the record will never be handled; null if it may be. */
    Throwable invalid() {
        return invalid;
    }

    /** Whether the bytes of the record are the reason. */
    boolean isUndecodable() {
        return invalid instanceof UndecodableException;
    }

    /** The lane the record is in; null if it is in none. */
    LaneKey lane() {
        return lane;
    }

    /** The lane the record belongs in, by what is known of it now; null if it may be handled in any order. */
    LaneKey laneKey() {
        if (inOrderWith instanceof LaneKey own) {
            return own;
        }
        Object common = inOrderWith == PipelineDefinition.RECORD_KEY ? record.key() : inOrderWith;
        if (common instanceof String text) {
            common = text.getBytes(StandardCharsets.UTF_8);
        }
        if (common instanceof byte[] bytes) {
            common = ByteBuffer.wrap(bytes);
        }
        return common == null ? null : new LaneKey(record.topic(), record.partition(), common);
    }

    OutageBreaker.Ticket ticket() {
        return ticket;
    }

    /** Takes the outcome of the attempt under way, null if it is not a retry in place. */
    UniEmitter<? super Void> retrySession() {
        return retrySession;
    }

    boolean isDone() {
        return isDone;
    }

    /** Null if no attempt has failed. */
    Throwable lastFailure() {
        return lastFailure;
    }

    /** When the last attempt has failed, by {@link System#nanoTime()}. */
    long failedAtNanos() {
        return failedAtNanos;
    }

    /** Whether it waits for the backoff after a failure. */
    boolean isRetrying() {
        return waitsFor == Lane.State.RETRYING;
    }

    /** Whether it is shown to those who look. */
    boolean isNoted() {
        return isNoted;
    }

    /** What it waits for. */
    Lane.State state() {
        if (isEnding) {
            return Lane.State.WRITING;
        }
        return isRead() ? waitsFor : Lane.State.DECODING;
    }

    /** Attempts made that count. */
    int countedAttempts() {
        return attempt - uncounted;
    }

    @Override
    public Headers headers() {
        return record.headers();
    }

    @Override
    public T value() {
        return value;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public String topic() {
        return retry == null ? record.topic() : retry.topic();
    }

    @Override
    public int partition() {
        return retry == null ? record.partition() : retry.partition();
    }

    @Override
    public long offset() {
        return retry == null ? record.offset() : retry.offset();
    }

    @Override
    public Instant timestamp() {
        return retry == null ? Instant.ofEpochMilli(record.timestamp()) : retry.timestamp();
    }

    /** The same in milliseconds since 1970. */
    long timestampMillis() {
        return retry == null ? record.timestamp() : retry.timestamp().toEpochMilli();
    }

    /** That of the original record, if this one is redriven. */
    @Override
    public String id() {
        return Origin.ofRedriven(headers()).orElseGet(() -> position().at(timestamp())).key();
    }

    /** Where the record was at first; as text {@code topic-partition-offset}. */
    Origin position() {
        return Origin.record(topic(), partition(), offset());
    }
}
