package io.orderstream.pipeline;

import java.time.Duration;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import io.orderstream.support.Failures;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

/** Publishes something at each interval: a source for dev mode. What cannot be published is left out. */
public final class Generator {

    private static final Logger LOG = Logger.getLogger(Generator.class);

    private final String what;
    private final Uni<Void> ready;
    private final Supplier<Uni<?>> publish;
    private Cancellable running;
    private volatile boolean failing;

    /**
     * @param what is generated, for log lines
     * @param ready completes when there is somewhere to publish to
     * @param publish makes and publishes one
     */
    public Generator(String what, Uni<Void> ready, Supplier<Uni<?>> publish) {
        this.what = what;
        this.ready = ready;
        this.publish = publish;
    }

    /** @param count how many; 0 for none */
    public void start(Duration interval, long count) {
        if (count == 0) {
            return;
        }
        running = ready.onItem().transformToMulti(now -> Multi.createFrom().ticks().every(interval).onOverflow().drop()
                .select().first(count).onItem().transformToUniAndConcatenate(tick -> one()))
                .subscribe().with(published -> {
                }, failure -> LOG.errorf(failure, "the generator of %s ends", what));
    }

    private Uni<Void> one() {
        return Uni.createFrom().deferred(publish::get).onItem().<Void> transform(done -> null)
                .invoke(() -> published(null)).onFailure().invoke(this::published).onFailure().recoverWithNull();
    }

    /** One line when it begins to fail and one when it succeeds again. */
    private void published(Throwable failure) {
        if (failure == null && failing) {
            LOG.infof("published again: what=\"%s\"", what);
        } else if (failure != null && !failing) {
            LOG.warnf("not published, the next is tried: what=\"%s\" reason=\"%s\"", what,
                    Failures.reason(failure));
        } else if (failure != null) {
            LOG.debugf("not published: what=\"%s\" reason=\"%s\"", what, Failures.reason(failure));
        }
        failing = failure != null;
    }

    /** Makes no more. */
    public void stop() {
        if (running != null) {
            running.cancel();
        }
    }
}
