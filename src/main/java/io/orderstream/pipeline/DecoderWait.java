package io.orderstream.pipeline;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.orderstream.outage.OutageCause;
import io.orderstream.outage.PipelineOutages;
import io.orderstream.record.Decoder;
import io.orderstream.record.RecordNotReadyException;
import io.orderstream.record.UndecodableException;
import io.orderstream.support.Failures;
import io.orderstream.support.Standstill;
import io.smallrye.mutiny.Uni;

/**
 * Lets records wait for what their decoder has to fetch, as long as it takes: the registry's outage is not the
 * records' fault. Tells of the outage when it begins and when it ends, which is when no record waits because of it;
 * others may go on waiting for what only they need. Confined to the event loop of the channel.
 */
final class DecoderWait {

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final Executor eventLoop;
    private final PipelineOutages outages;
    private final Standstill standstill;
    /** Records that wait because of an outage. */
    private int inOutage;

    /** @param standstill a fetch that fails because the process stood still is no sign of an outage */
    DecoderWait(Executor eventLoop, PipelineOutages outages, Standstill standstill) {
        this.eventLoop = eventLoop;
        this.outages = outages;
        this.standstill = standstill;
    }

    /**
     * Fetches what the decoder misses for these bytes.
     *
     * @param givenUp whether the record is not ours any more, so that waiting is pointless; asked on any thread
     * @param loaded called on the event loop at the end: with null, or with the failure that made it end
     */
    void load(Decoder<?> decoder, byte[] bytes, BooleanSupplier givenUp, Consumer<Throwable> loaded) {
        Wait wait = new Wait();
        Uni.createFrom().deferred(() -> fetch(decoder, bytes, givenUp, wait)).runSubscriptionOn(eventLoop)
                .onFailure(failure -> isTemporary(failure, givenUp)).retry().withBackOff(FIRST_BACKOFF, LONGEST_BACKOFF)
                .indefinitely()
                .subscribe().with(ok -> eventLoop.execute(() -> wait.ends(loaded, null)), failure -> eventLoop
                        .execute(() -> wait.ends(loaded, failure instanceof Error ? undecodable(failure) : failure)));
    }

    private Uni<Void> fetch(Decoder<?> decoder, byte[] bytes, BooleanSupplier givenUp, Wait wait) {
        long sinceNanos = System.nanoTime();
        return loading(decoder, bytes)
                .onFailure(failure -> isTemporary(failure, givenUp) && !standstill.isSince(sinceNanos))
                .invoke(failure -> eventLoop.execute(() -> wait.isBecauseOf(failure)));
    }

    /** A decoder that throws, instead of giving a failure, has not said that a later attempt may succeed. */
    private static Uni<Void> loading(Decoder<?> decoder, byte[] bytes) {
        try {
            return Objects.requireNonNull(decoder.load(bytes), "load() has returned null instead of a Uni");
        } catch (Throwable e) {
            return Uni.createFrom().failure(undecodable(e));
        }
    }

    private static UndecodableException undecodable(Throwable failure) {
        return failure instanceof UndecodableException known ? known
                : new UndecodableException("the decoder has failed: " + Failures.brief(failure), failure);
    }

    /** An error, such as one of a class that is missing, does not pass by waiting. */
    private static boolean isTemporary(Throwable failure, BooleanSupplier givenUp) {
        return failure instanceof Exception && !(failure instanceof UndecodableException) && !givenUp.getAsBoolean();
    }

    /** The wait of one record. */
    private final class Wait {

        private boolean isInOutage;

        void isBecauseOf(Throwable failure) {
            if (failure instanceof RecordNotReadyException) {
                leaveOutage();
            } else if (!isInOutage) {
                isInOutage = true;
                if (inOutage++ == 0) {
                    outages.begins(OutageCause.REGISTRY, Failures.shown(failure));
                }
            }
        }

        void ends(Consumer<Throwable> loaded, Throwable failure) {
            leaveOutage();
            loaded.accept(failure);
        }

        private void leaveOutage() {
            if (isInOutage) {
                isInOutage = false;
                if (--inOutage == 0) {
                    outages.ends(OutageCause.REGISTRY);
                }
            }
        }
    }
}
