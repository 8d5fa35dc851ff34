package io.orderstream.outage;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.orderstream.record.PoisonException;
import io.orderstream.record.RecordNotReadyException;
import io.orderstream.record.UnavailableException;
import io.orderstream.support.Failures;
import io.vertx.core.Vertx;

/**
 * Lets a pipeline wait while what its handler calls is down. When too many of the last calls have failed, no further one is
 * made but for probes, one at a time; the first success ends the outage, and calls come back gradually.
 * <p>
 * A circuit breaker that wraps calls would have every call of the handler pay for it, and has neither a delay that grows
 * nor a gradual return. This one is asked before a call and told how it has ended, by all channels of a pipeline, each of
 * which has an event loop of its own and a waker that is run when one more call may be made. Thread safe.
 */
public final class OutageBreaker {

    /**
     * Leave to make one call.
     *
     * @param isProbe whether it is to show that the outage is over
     * @param isCounted whether it is one of the first after an outage
     * @param epoch how many outages had begun or ended before; how a call of another epoch ends says nothing of this one
     */
    public record Ticket(boolean isProbe, boolean isCounted, int epoch) {
    }

    /** Before the failure of any record that is in work, also of one that has failed before the start. */
    private static final long LONG_AGO_NANOS = TimeUnit.DAYS.toNanos(365);

    private enum Mode {
        FREE,
        OUT,
        RECOVERING
    }

    private final PipelineOutages outages;
    private final OutcomeWindow window;
    private final Probes probes;
    private final int mostCalls;
    private final List<Runnable> wakers = new CopyOnWriteArrayList<>();
    /** The channels that may have something in an outage that shows that it is over, by their wakers. */
    private final Set<Runnable> occupied = new HashSet<>();

    private volatile Mode mode = Mode.FREE;
    /** The ticket of every call while there is neither outage nor recovery; its epoch is the present one. */
    private volatile Ticket free = new Ticket(false, false, 0);
    private volatile long endNanos = System.nanoTime() - LONG_AGO_NANOS;
    private volatile long lastSuccessNanos = endNanos;
    /** The channels take turns with the probes. */
    private int turn;
    /** The channel that may make the probe that is due, by its waker; null if any may. */
    private Runnable offeredTo;
    private Throwable lastFailure;
    private int underWay;
    private int mostUnderWay;

    /**
     * @param outages told of the outages of cause {@link OutageCause#DEPENDENCY}
     * @param mostCalls calls under way from which on they are not limited any more after an outage
     * @param timers for the probes
     */
    public OutageBreaker(PipelineOutages outages, OutageSettings settings, int mostCalls, Vertx timers) {
        this.outages = outages;
        this.window = new OutcomeWindow(settings.window(), settings.failureRatio());
        this.probes = new Probes(timers, settings, this::probe);
        this.mostCalls = mostCalls;
    }

    /** The outages of the pipeline. */
    public PipelineOutages outages() {
        return outages;
    }

    /** @param waker run on any thread when a further call may be made */
    public void onAdmission(Runnable waker) {
        wakers.add(waker);
    }

    /** Whether the pipeline is in outage. */
    public boolean isOpen() {
        return mode == Mode.OUT;
    }

    /** Whether the pipeline is in outage, or has been since this time of {@link System#nanoTime()}. */
    public boolean wasOpenSince(long nanos) {
        return isOpen() || endNanos - nanos > 0;
    }

    /**
     * Asks whether to call the handler now.
     *
     * @param channel the waker of the channel that asks
     * @return null if not, otherwise {@link #ended} has to follow
     */
    public Ticket admit(Runnable channel) {
        return mode == Mode.FREE ? free : admitOne(channel);
    }

    private synchronized Ticket admitOne(Runnable channel) {
        if (mode == Mode.OUT && isOfferedTo(channel) && probes.start()) {
            offeredTo = null;
            return new Ticket(true, false, free.epoch());
        }
        if (mode == Mode.RECOVERING && underWay < mostUnderWay) {
            underWay++;
            return new Ticket(false, true, free.epoch());
        }
        return mode == Mode.FREE ? free : null;
    }

    private boolean isOfferedTo(Runnable channel) {
        return offeredTo == null || offeredTo == channel;
    }

    /** Whether the channel may make a probe for which a new record is to be taken; true once for each. */
    public synchronized boolean wantsNew(Runnable channel) {
        return isOfferedTo(channel) && probes.wantNew();
    }

    /** Tells that the channel has done all it can do now: a probe it could have made and has not, any other may make. */
    public void passOn(Runnable channel) {
        synchronized (this) {
            if (offeredTo != channel || !probes.isDue()) {
                return;
            }
            offeredTo = null;
        }
        wake();
    }

    /** Whether a call has succeeded since this time of {@link System#nanoTime()}. */
    public boolean hasSucceededSince(long nanos) {
        // Successes are not noted while there is nothing else.
        return window.isFullOfSuccesses() || lastSuccessNanos - nanos > 0;
    }

    /**
     * Tells how a call has ended.
     *
     * @param failure null for a success
     * @param isKnownToFail whether the record has failed before and others have not since: that is no sign of an outage
     */
    public void ended(Ticket ticket, Throwable failure, boolean isKnownToFail) {
        // The usual case takes no lock.
        boolean isUsual = failure == null && ticket == free && window.isFullOfSuccesses();
        if (!isUsual && note(ticket, failure, isKnownToFail)) {
            wake();
        }
    }

    /** Tells that a call says nothing, however it has ended: it is as if it had not been made. */
    public void annul(Ticket ticket) {
        if (noteAnnulled(ticket)) {
            wake();
        }
    }

    private synchronized boolean noteAnnulled(Ticket ticket) {
        if (ticket.epoch() != free.epoch()) {
            return false;
        }
        if (ticket.isCounted()) {
            underWay--;
        }
        if (ticket.isProbe()) {
            probes.startAnew();
        }
        return mode == Mode.RECOVERING || probes.isDue();
    }

    /**
     * Tells in an outage whether a channel has anything that may show that it is over. When none has, because the partitions
     * were given away, it ends: here nobody waits any more.
     *
     * @param waker of the channel
     */
    public synchronized void noteOccupied(Runnable waker, boolean isOccupied) {
        if (isOccupied) {
            occupied.add(waker);
        } else if (occupied.remove(waker) && occupied.isEmpty() && mode == Mode.OUT) {
            end(Mode.FREE);
        }
    }

    /** Whether a further call may be made now. */
    private synchronized boolean note(Ticket ticket, Throwable failure, boolean isKnownToFail) {
        if (ticket.epoch() != free.epoch()) {
            return false;
        }
        if (ticket.isCounted()) {
            underWay--;
        }
        if (isItsOwn(failure)) {
            // It took a turn: another record has to show.
            if (ticket.isProbe()) {
                probes.startAnew();
            }
        } else if (failure == null) {
            noteSuccess();
        } else if (ticket.isProbe() || !isKnownToFail || failure instanceof UnavailableException) {
            noteFailure(ticket, failure);
        }
        return mode == Mode.RECOVERING || probes.isDue();
    }

    /** Whether a failure is the record's own. */
    public static boolean isItsOwn(Throwable failure) {
        return failure instanceof PoisonException || failure instanceof RecordNotReadyException;
    }

    private void noteSuccess() {
        lastSuccessNanos = System.nanoTime();
        if (mode == Mode.OUT) {
            end(Mode.RECOVERING);
            return;
        }
        addToWindow(false);
        if (mode == Mode.RECOVERING && ++mostUnderWay >= mostCalls) {
            // One more for each that went well, as TCP's slow start does it (RFC 5681): twice as many each time round.
            mode = Mode.FREE;
        }
    }

    private void noteFailure(Ticket ticket, Throwable failure) {
        lastFailure = failure;
        if (ticket.isProbe()) {
            probes.failed();
        } else {
            addToWindow(true);
        }
        if (failure instanceof UnavailableException unavailable && unavailable.retryAfter().isPresent()) {
            begin();
            probes.postpone(unavailable.retryAfter().get());
        }
    }

    private void addToWindow(boolean isFailure) {
        if (window.add(isFailure)) {
            begin();
        }
    }

    /**
     * Whether a record that has used up its retries is not to blame: there is an outage, or its last failure shows one. With
     * little traffic that is long before the window is full.
     */
    public synchronized boolean isOutage(Throwable failure) {
        if (failure instanceof UnavailableException) {
            lastFailure = failure;
            begin();
        }
        return mode == Mode.OUT;
    }

    /** Because too many calls have failed, or because the dependency itself has said so. */
    private void begin() {
        if (mode != Mode.OUT) {
            enter(Mode.OUT);
            outages.begins(OutageCause.DEPENDENCY, Failures.shown(lastFailure));
            occupied.addAll(wakers);
            probes.begin();
        }
    }

    private void end(Mode next) {
        enter(next);
        probes.end();
        window.clear();
        mostUnderWay = 1;
        underWay = 0;
        endNanos = System.nanoTime();
        outages.ends(OutageCause.DEPENDENCY);
    }

    private void enter(Mode next) {
        free = new Ticket(false, false, free.epoch() + 1);
        mode = next;
    }

    private void probe(long fired) {
        Runnable next;
        synchronized (this) {
            if (!probes.hasFired(fired)) {
                return;
            }
            turn = (turn + 1) % wakers.size();
            next = wakers.get(turn);
            // Woken together, the channel on whose event loop the timer is would make every probe.
            offeredTo = next;
        }
        next.run();
    }

    private void wake() {
        wakers.forEach(Runnable::run);
    }

    /** When the next probe is to be made; null if none is planned, as there is no outage or one is due. */
    public synchronized Instant nextProbe() {
        return probes.next();
    }

    /** Makes no further probe. */
    public synchronized void stop() {
        probes.stop();
    }
}
