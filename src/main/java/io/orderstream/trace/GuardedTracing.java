package io.orderstream.trace;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;

import io.orderstream.support.Failures;
import io.smallrye.mutiny.Uni;

/**
 * Lets no failure of tracing reach the record that is traced: what is thrown is logged, once a minute, and nothing is traced
 * instead. Thread safe if what it guards is.
 */
public final class GuardedTracing implements Tracing {

    private static final Logger LOG = Logger.getLogger(GuardedTracing.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final Tracing guarded;
    private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    private GuardedTracing(Tracing guarded) {
        this.guarded = guarded;
    }

    /** Guards an implementation. {@link Tracing#OFF}, which cannot fail, is returned as it is, since it costs nothing. */
    public static Tracing of(Tracing tracing) {
        return tracing == OFF || tracing instanceof GuardedTracing ? tracing : new GuardedTracing(tracing);
    }

    @Override
    public WriteTrace writing(String topic, byte[] key, Headers headers) {
        WriteTrace trace = get(() -> guarded.writing(topic, key, headers), WriteTrace.NONE);
        return trace == WriteTrace.NONE ? trace : new GuardedWrite(trace);
    }

    @Override
    public RecordTrace taken(String topic, int partition, long offset, byte[] key, Headers headers) {
        RecordTrace trace = get(() -> guarded.taken(topic, partition, offset, key, headers), RecordTrace.NONE);
        return trace == RecordTrace.NONE ? trace : new GuardedRecord(trace);
    }

    @Override
    public boolean isNewsTo(Headers headers) {
        return get(() -> guarded.isNewsTo(headers), false);
    }

    @Override
    public void addCurrentTo(Headers headers) {
        run(() -> guarded.addCurrentTo(headers));
    }

    @Override
    public <T> Supplier<T> carried(Supplier<T> call) {
        return get(() -> guarded.carried(call), call);
    }

    @Override
    public void channelsClosed() {
        run(guarded::channelsClosed);
    }

    private void run(Runnable traced) {
        get(() -> {
            traced.run();
            return true;
        }, true);
    }

    private <T> T get(Supplier<T> traced, T otherwise) {
        try {
            T result = traced.get();
            return result == null ? otherwise : result;
        } catch (Throwable e) {
            failed(e);
            return otherwise;
        }
    }

    private void failed(Throwable failure) {
        long now = System.nanoTime();
        long last = loggedNanos.get();
        if (now - last >= QUIET_NANOS && loggedNanos.compareAndSet(last, now)) {
            LOG.warnf("not traced: reason=\"%s\"", Failures.brief(failure));
        }
    }

    private final class GuardedWrite implements WriteTrace {

        private final WriteTrace write;

        GuardedWrite(WriteTrace write) {
            this.write = write;
        }

        @Override
        public Map<String, String> ids() {
            return get(write::ids, Map.of());
        }

        @Override
        public void failed(Throwable failure) {
            run(() -> write.failed(failure));
        }

        @Override
        public void confirmed(int partition, long offset) {
            run(() -> write.confirmed(partition, offset));
        }

        @Override
        public void givenUp(Throwable failure) {
            run(() -> write.givenUp(failure));
        }
    }

    private final class GuardedRecord implements RecordTrace {

        private final RecordTrace record;

        GuardedRecord(RecordTrace record) {
            this.record = record;
        }

        @Override
        public <D> Uni<Void> attempt(int number, D delivery, Function<D, Uni<Void>> handler) {
            Uni<Void> attempt = get(() -> record.attempt(number, delivery, handler), null);
            return attempt == null ? handler.apply(delivery) : attempt;
        }

        @Override
        public void addTo(Headers headers) {
            run(() -> record.addTo(headers));
        }

        @Override
        public Map<String, String> ids() {
            return get(record::ids, Map.of());
        }

        @Override
        public void ended(Outcome outcome, Throwable reason) {
            run(() -> record.ended(outcome, reason));
        }
    }
}
