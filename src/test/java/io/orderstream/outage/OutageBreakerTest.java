package io.orderstream.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.orderstream.outage.OutageBreaker.Ticket;
import io.orderstream.record.RecordNotReadyException;
import io.orderstream.record.UnavailableException;
import io.orderstream.testsupport.TimedTest;

class OutageBreakerTest extends OutageBreakerFixture {

    @TimedTest
    void shouldBeginAnOutageWhenHalfOfTheLastTwentyCallsHaveFailed() {
        // Given
        call(1_000, null);

        // When
        call(9, DOWN);
        boolean before = breaker.isOpen();
        call(1, DOWN);

        // Then
        assertThatNoneIsAdmitted("a call in an outage");
        assertThat(before).isFalse();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(outages.now()).singleElement().satisfies(outage -> {
            assertThat(outage.cause()).isEqualTo(OutageCause.DEPENDENCY);
            assertThat(outage.reason()).isEqualTo("down");
        });
    }

    @Test
    void shouldNotTakePoisonForASignOfAnything() {
        // When
        call(1_000, POISON);
        call(9, DOWN);
        call(1_000, POISON);
        call(1_000, new RecordNotReadyException("not yet"));
        call(1, DOWN);
        call(9, null);
        boolean before = breaker.isOpen();
        call(1, null);

        // Then
        assertThat(before).as("with nineteen calls that say something").isFalse();
        assertThat(breaker.isOpen()).as("with ten of twenty").isTrue();
    }

    @Test
    void shouldNotTakeTheRetriesOfARecordForASignWhenOthersSucceed() {
        // Given
        call(1_000, null);

        // When
        IntStream.range(0, 1_000).forEach(call -> breaker.ended(breaker.admit(channel), DOWN, true));
        boolean byItsOwn = breaker.isOpen();
        Throwable refused = new UnavailableException("refused", DOWN);
        IntStream.range(0, 10).forEach(call -> breaker.ended(breaker.admit(channel), refused, true));

        // Then
        assertThat(byItsOwn).isFalse();
        assertThat(breaker.isOpen()).as("by failures that are no record's own").isTrue();
    }

    @Test
    void shouldKnowSinceWhenNoCallHasSucceeded() {
        // Given
        long before = System.nanoTime();
        call(1, null);
        long after = System.nanoTime();

        // Then
        assertThat(breaker.hasSucceededSince(before)).isTrue();
        assertThat(breaker.hasSucceededSince(after)).isFalse();
        // And successes that are not noted, because there is nothing else, are not forgotten
        call(1_000, null);
        assertThat(breaker.hasSucceededSince(System.nanoTime())).isTrue();
        call(1, DOWN);
        assertThat(breaker.hasSucceededSince(System.nanoTime())).isFalse();
    }

    @Test
    void shouldEndTheOutageWithTheFirstSuccessAndResumeGradually() {
        // Given
        recover();

        // When
        List<Ticket> first = admitAll();
        first.forEach(ticket -> breaker.ended(ticket, null, false));
        List<Ticket> second = admitAll();
        second.forEach(ticket -> breaker.ended(ticket, null, false));
        List<Ticket> third = admitAll();
        third.forEach(ticket -> breaker.ended(ticket, DOWN, false));
        List<Ticket> afterFailures = admitAll();

        // Then
        assertThat(Stream.of(first, second, third, afterFailures).map(List::size)).containsExactly(1, 2, 4, 4);
        assertThat(outages.now()).isEmpty();
        assertThat(outages.total(OutageCause.DEPENDENCY)).isGreaterThanOrEqualTo(settings.probeDelay().minusMillis(2));
    }

    @Test
    void shouldTimeAnOutageFromBeforeItsFirstProbeIsSetUp() {
        // Given: who notes the begin is held up for longer than the first probe takes
        AtomicInteger asked = new AtomicInteger();
        PipelineOutages told = new PipelineOutages("orders", Clock.systemUTC(), () -> {
            if (asked.incrementAndGet() == 2) {
                LockSupport.parkNanos(settings.probeDelay().multipliedBy(3).toNanos());
            }
            return System.nanoTime();
        }, (outage, begins) -> {
        });
        OutageBreaker heldUp = breaker(told);

        // When
        IntStream.range(0, settings.window()).forEach(call -> heldUp.ended(heldUp.admit(channel), DOWN, false));
        Ticket probe = null;
        while (probe == null) {
            // Not awaited as elsewhere: that would take as long as what is measured.
            Thread.onSpinWait();
            probe = heldUp.admit(channel);
        }
        heldUp.ended(probe, null, false);

        // Then
        assertThat(told.now()).isEmpty();
        assertThat(told.total(OutageCause.DEPENDENCY)).isGreaterThanOrEqualTo(settings.probeDelay().minusMillis(2));
    }

    /** As many as are admitted beside each other, up to a number that is reached only if all are. */
    private List<Ticket> admitAll() {
        return Stream.generate(() -> breaker.admit(channel)).limit(10L * MOST_CALLS).takeWhile(ticket -> ticket != null)
                .toList();
    }

    @Test
    void shouldAdmitEverythingWhenItHasRecovered() {
        // Given
        recover();

        // When
        call(MOST_CALLS, null);

        // Then
        assertThat(admitAll()).hasSize(10 * MOST_CALLS);
    }

    @Test
    void shouldNotBeMisledByCallsFromBefore() {
        // Given
        List<Ticket> early = Stream.generate(() -> breaker.admit(channel)).limit(50).toList();
        bringDown();

        // When
        early.subList(0, 25).forEach(ticket -> breaker.ended(ticket, null, false));

        // Then
        assertThat(breaker.isOpen()).as("by a success of before").isTrue();
        // And the other way round
        breaker.ended(awaitProbe(), null, false);
        early.subList(25, 50).forEach(ticket -> breaker.ended(ticket, DOWN, false));
        assertThat(breaker.isOpen()).as("by failures of before").isFalse();
    }

    @Test
    void shouldTellARecordThatFailedBeforeTheStartFromOneThatFailedBeforeAnOutage() {
        // Given
        long anHourAgo = System.nanoTime() - Duration.ofHours(1).toNanos();
        boolean wasOpen = breaker.wasOpenSince(anHourAgo);
        boolean hasSucceeded = breaker.hasSucceededSince(anHourAgo);

        // When
        recover();

        // Then
        assertThat(wasOpen).isFalse();
        assertThat(hasSucceeded).isFalse();
        assertThat(breaker.wasOpenSince(anHourAgo)).isTrue();
        assertThat(breaker.hasSucceededSince(anHourAgo)).isTrue();
    }

    @Test
    void shouldTakeACallThatIsAnnulledForNoneAtAll() {
        // When
        IntStream.range(0, 1_000).forEach(call -> breaker.annul(breaker.admit(channel)));
        boolean byAnnulled = breaker.isOpen();
        bringDown();
        breaker.annul(awaitProbe());
        Ticket another = awaitProbe();
        breaker.ended(another, null, false);
        Ticket counted = breaker.admit(channel);
        breaker.annul(counted);

        // Then
        assertThat(byAnnulled).isFalse();
        assertThat(another.isProbe()).as("another probe instead").isTrue();
        assertThat(breaker.admit(channel)).as("the place of an annulled call").isNotNull();
    }

    @Test
    void shouldEndTheOutageWhenNobodyHasAnythingLeftThatCouldEndIt() {
        // Given
        Runnable topic = () -> {
        };
        Runnable retries = () -> {
        };
        OutageBreaker shared = new OutageBreaker(outages, settings, MOST_CALLS, timers);
        shared.onAdmission(topic);
        shared.onAdmission(retries);
        IntStream.range(0, settings.window()).forEach(call -> shared.ended(shared.admit(topic), DOWN, false));

        // When
        shared.noteOccupied(topic, false);
        shared.noteOccupied(topic, true);
        shared.noteOccupied(topic, false);
        boolean byOne = shared.isOpen();
        shared.noteOccupied(retries, false);

        // Then
        assertThat(byOne).as("while the other channel has work").isTrue();
        assertThat(shared.isOpen()).isFalse();
        assertThat(outages.now()).isEmpty();
        assertThat(shared.admit(topic)).isNotNull();
    }

    @Test
    void shouldExcuseARecordOnlyForWhatIsNotItsFault() {
        assertThat(breaker.isOutage(DOWN)).isFalse();
        assertThat(breaker.isOutage(new UnavailableException("refused", DOWN))).isTrue();
        assertThat(breaker.isOpen()).as("seen by one record, with a window that is not full").isTrue();
        assertThat(breaker.isOutage(DOWN)).as("in the outage").isTrue();
    }
}
