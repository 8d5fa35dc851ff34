package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

import io.orderstream.outage.OutageCause;
import io.orderstream.testsupport.TestRun;

/**
 * In an outage the endpoint is left alone, but for a probe now and then.
 *
 * @param run what has been played
 * @param delays nanoseconds that have to pass before each probe since the one before it, or since the outage was noticed; the
 *        first is number 0
 */
record OnlyProbes(OutageRun run, IntToLongFunction delays) implements ProcessingGuarantee {

    /** Calls made just before an outage was noticed may come in after that. Shorter than the shortest delay. */
    private static final long ON_THEIR_WAY = Duration.ofMillis(500).toNanos();
    /** The log tells when an outage was noticed to the millisecond, and by another clock. */
    private static final long INACCURACY = Duration.ofMillis(20).toNanos();
    /** The defaults of OUTAGE_PROBE_DELAY and OUTAGE_PROBE_MAX_DELAY. */
    private static final double FIRST_DELAY = Duration.ofSeconds(1).toNanos();
    private static final double LONGEST_DELAY = Duration.ofSeconds(30).toNanos();
    private static final double GROWTH = 1.5;

    /** The delay grows by half with each probe. */
    static OnlyProbes ofGrowingDelay(OutageRun run) {
        return new OnlyProbes(run, probe -> (long) Math.min(LONGEST_DELAY, FIRST_DELAY * Math.pow(GROWTH, probe)));
    }

    /** The endpoint itself has asked to be left alone for so long. */
    static OnlyProbes withDelay(OutageRun run, Duration delay) {
        return new OnlyProbes(run, probe -> delay.toNanos());
    }

    /** Every call that came in while calls were given up. */
    static List<EndpointCall> probes(OutageRun run) {
        return run.logged().stream().filter(outage -> outage.cause().equals(OutageCause.DEPENDENCY.label()))
                .flatMap(outage -> probes(run, outage).stream()).toList();
    }

    private static List<EndpointCall> probes(OutageRun run, LoggedOutage outage) {
        // With the success of a probe it is over, and other calls may come in before the log says so.
        long begin = outage.time().begin();
        return run.calls().stream().filter(call -> call.nanos() < outage.time().end() - INACCURACY
                // Not lost() alone: of a call before the outage it would be less than nothing.
                && call.nanos() >= begin
                && call.nanos() >= begin + ON_THEIR_WAY + lost(begin, call.nanos(), ON_THEIR_WAY)).toList();
    }

    private static long lost(long begin, long end, long most) {
        return TestRun.lost(begin, end, Duration.ofNanos(most)).toNanos();
    }

    @Override
    public String name() {
        return "in an outage the endpoint is called by probes only";
    }

    @Override
    public void check(Evidence evidence) {
        List<String> early = new ArrayList<>();
        for (LoggedOutage outage : run.logged()) {
            long last = outage.time().begin() - INACCURACY;
            List<EndpointCall> probes = probes(run, outage);
            if (outage.time().end() - last < delays.applyAsLong(0)) {
                early.add("the one that ended an outage of " + outage.duration().toMillis() + " ms");
            }
            for (int probe = 0; probe < probes.size(); probe++) {
                long waited = probes.get(probe).nanos() - last;
                // The one before may have come in late.
                long delay = delays.applyAsLong(probe);
                if (waited + lost(last - delay, probes.get(probe).nanos(), delay) < delay) {
                    early.add("probe " + probe + " after " + Duration.ofNanos(waited).toMillis() + " ms");
                }
                last = probes.get(probe).nanos();
            }
        }
        assertThat(run.logged()).as("outages").isNotEmpty();
        Violations.none("calls in an outage that came too early", early);
    }
}
