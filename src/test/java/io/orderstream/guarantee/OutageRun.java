package io.orderstream.guarantee;

import java.time.Duration;
import java.util.List;

/**
 * What a scene has shown.
 *
 * @param evidence what is held against every run: the orders, and what has become of them
 * @param away when something was away
 * @param isShown whether the statistics showed that as an outage meanwhile
 * @param outagesLeft what the statistics still show at the end
 * @param catchUp from its return to when all orders were at their end in the group's commits
 * @param calls what came to the endpoint, oldest first
 * @param lines what the application has printed
 */
record OutageRun(Evidence evidence, Outage away, boolean isShown, List<String> outagesLeft, Duration catchUp,
        List<EndpointCall> calls, List<String> lines) {

    private static final double MILLIS = 1_000;

    /** The outages the application has told of in its log. */
    List<LoggedOutage> logged() {
        return LoggedOutage.in(lines);
    }

    void print(String scenario) {
        System.out.printf(
                "outage: scenario=%s orders=%d awaySeconds=%.1f outages=%d outageSeconds=%.1f callsWhileAway=%d probes=%d "
                        + "catchUpSeconds=%.1f calls=%d repeated=%d deadLetters=%d%n",
                scenario, evidence.truth().records().size(), seconds(Duration.ofNanos(away.end() - away.begin())),
                logged().size(),
                logged().stream().filter(LoggedOutage::hasEnded).mapToDouble(outage -> seconds(outage.duration())).sum(),
                calls.stream().filter(call -> away.covers(call.nanos())).count(), OnlyProbes.probes(this).size(),
                seconds(catchUp), calls.size(), evidence.calls().repeated(), evidence.deadLetters().size());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }
}
