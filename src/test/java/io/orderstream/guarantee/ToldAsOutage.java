package io.orderstream.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import io.orderstream.outage.OutageCause;
import io.orderstream.testsupport.TooLate;

/**
 * The application says soon that it waits, for the right reason and for no other, and at the end that it waits no more: in its
 * log and in its statistics.
 *
 * @param run what has been played
 * @param cause the reason
 * @param within how soon
 * @param isUnbroken whether it has to wait all the time, in one outage, or may try now and then
 */
record ToldAsOutage(OutageRun run, OutageCause cause, Duration within, boolean isUnbroken) implements ProcessingGuarantee {

    /** The log's clock is another one. */
    private static final long INACCURACY = Duration.ofMillis(20).toNanos();

    @Override
    public String name() {
        return "the application tells of the outage while there is one";
    }

    @Override
    public void check(Evidence evidence) {
        List<LoggedOutage> logged = run.logged();
        assertThat(logged).as("outages in the log").isNotEmpty().allMatch(LoggedOutage::hasEnded)
                .extracting(LoggedOutage::cause).containsOnly(cause.label());
        Duration noticed = Duration.ofNanos(logged.get(0).time().begin() - run.away().begin());
        assertThat(noticed).as("time until it is noticed").isGreaterThanOrEqualTo(Duration.ofNanos(-INACCURACY));
        if (isUnbroken) {
            assertThat(logged).as("outages in the log").hasSize(1);
            assertThat(logged.get(0).time().end()).as("end of the outage").isGreaterThan(run.away().end() - INACCURACY);
        }
        assertThat(run.isShown()).as("shown by the statistics").isTrue();
        assertThat(run.outagesLeft()).as("shown by the statistics at the end").isEmpty();
        TooLate.check("the time until it is noticed", run.away().begin(), logged.get(0).time().begin(), within);
    }
}
