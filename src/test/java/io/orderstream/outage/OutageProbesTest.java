package io.orderstream.outage;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.orderstream.outage.OutageBreaker.Ticket;
import io.orderstream.record.UnavailableException;
import io.orderstream.testsupport.TimedTest;
import io.orderstream.testsupport.TooLate;

class OutageProbesTest extends OutageBreakerFixture {

    private static final int PROBES = 11;

    @TimedTest
    void shouldAdmitOneProbeAtATimeAtGrowingIntervals() {
        // Given
        List<Long> at = new ArrayList<>(List.of(System.nanoTime()));
        bringDown();

        // When
        for (int probe = 0; probe < PROBES; probe++) {
            Ticket ticket = awaitProbe();
            assertThatNoneIsAdmitted("a second probe beside the first");
            at.add(System.nanoTime());
            breaker.ended(ticket, DOWN, false);
        }

        // Then
        long expected = settings.probeDelay().toNanos();
        for (int probe = 1; probe < at.size(); probe++) {
            assertThat(at.get(probe) - at.get(probe - 1)).as("interval %d", probe)
                    .isGreaterThanOrEqualTo(
                            Math.min(expected, settings.probeMaxDelay().toNanos()) - TimeUnit.MILLISECONDS.toNanos(2));
            expected = (long) (expected * 1.5);
        }
        assertThat(woken).as("wakers run").hasValueGreaterThanOrEqualTo(PROBES);
        TooLate.check("the longest interval", at.get(PROBES - 1), at.get(PROBES), Duration.ofNanos(expected / 2));
    }

    @Test
    void shouldSayWhenTheNextProbeIsPlanned() {
        // Given
        assertThat(breaker.nextProbe()).as("no outage").isNull();
        Instant before = Instant.now();
        bringDown();
        Instant first = breaker.nextProbe();

        // When
        Ticket probe = awaitProbe();
        Instant underWay = breaker.nextProbe();
        breaker.ended(probe, DOWN, false);
        Instant second = breaker.nextProbe();
        breaker.ended(awaitProbe(), null, false);

        // Then
        assertThat(first).isBetween(before.plus(settings.probeDelay()), Instant.now());
        assertThat(underWay).as("under way").isNull();
        assertThat(second).isAfter(first.plus(settings.probeDelay()));
        assertThat(breaker.nextProbe()).as("over").isNull();
    }

    @Test
    void shouldProbeWithAnotherRecordAtOnceWhenTheProbeWasPoison() {
        // Given
        bringDown();
        Ticket probe = awaitProbe();

        // When
        breaker.ended(probe, POISON, false);

        // Then
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.admit(channel)).isNotNull();
    }

    @TimedTest
    void shouldWantANewRecordForEachProbeOnceThreeHaveFailed() {
        // Given
        bringDown();

        // When
        List<Boolean> wanted = new ArrayList<>();
        for (int probe = 1; probe <= 5; probe++) {
            int number = probe;
            await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> woken.get() >= number);
            wanted.add(breaker.wantsNew(channel));
            assertThat(breaker.wantsNew(channel)).as("a second one for probe %d", probe).isFalse();
            breaker.ended(breaker.admit(channel), DOWN, false);
        }

        boolean isWantedAtOnce = breaker.wantsNew(channel);

        // Then
        assertThat(wanted).containsExactly(false, false, false, true, true);
        if (isWantedAtOnce) {
            throw new TooLate("wanted before the next is due");
        }
    }

    @Test
    void shouldLetTheChannelsTakeTurnsWithTheProbes() {
        // Given
        Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
        Runnable other = addChannel(asked);
        bringDown();

        // When
        List<Integer> ofTheOther = new ArrayList<>();
        for (int probe = 1; probe <= 4; probe++) {
            int number = probe;
            await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> woken.get() + asked.size() == number);
            boolean isTheOthers = asked.size() > ofTheOther.stream().mapToInt(Integer::intValue).sum();
            ofTheOther.add(isTheOthers ? 1 : 0);
            assertThat(breaker.admit(isTheOthers ? channel : other)).as("it is not its turn").isNull();
            breaker.ended(breaker.admit(isTheOthers ? other : channel), DOWN, false);
        }

        // Then
        assertThat(ofTheOther).isIn(List.of(0, 1, 0, 1), List.of(1, 0, 1, 0));
    }

    @Test
    void shouldLetAnyChannelProbeWhenTheOneWhoseTurnItIsHasNothingToProbeWith() {
        // Given
        Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
        Runnable other = addChannel(asked);
        bringDown();
        await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> woken.get() + asked.size() == 1);
        boolean isTheOthers = !asked.isEmpty();

        // When
        breaker.passOn(isTheOthers ? channel : other);
        Ticket early = breaker.admit(isTheOthers ? channel : other);
        breaker.passOn(isTheOthers ? other : channel);

        // Then
        assertThat(early).as("passed on by one whose turn it was not").isNull();
        assertThat(woken.get() + asked.size()).as("woken").isEqualTo(3);
        assertThat(breaker.admit(isTheOthers ? channel : other)).isNotNull();
    }

    private Runnable addChannel(Queue<Runnable> asked) {
        Runnable added = new Runnable() {
            @Override
            public void run() {
                asked.add(this);
            }
        };
        breaker.onAdmission(added);
        return added;
    }

    @Test
    void shouldProbeAgainWhenAProbeNeverEnds() {
        // Given
        bringDown();
        awaitProbe();

        // When
        Ticket another = awaitProbe();
        breaker.ended(another, null, false);

        // Then
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void shouldLeaveTheDependencyAloneForAsLongAsItAsks() {
        // Given
        Duration asked = settings.probeMaxDelay().multipliedBy(2);
        long begin = System.nanoTime();

        // When
        call(1, new UnavailableException("429", asked));
        boolean isOut = breaker.isOpen();
        Ticket probe = awaitProbe();

        // Then
        assertThat(isOut).isTrue();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(asked.toNanos() - TimeUnit.MILLISECONDS.toNanos(2));
        // And the circuit breaker, which never opened, is not needed to end it
        breaker.ended(probe, null, false);
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void shouldKnowSinceWhenThereWasNoOutage() {
        // Given
        long before = System.nanoTime();
        recover();

        // Then
        assertThat(breaker.wasOpenSince(before)).isTrue();
        assertThat(breaker.wasOpenSince(System.nanoTime())).isFalse();
    }

    @Test
    void shouldProbeNoMoreWhenItIsStopped() {
        // Given
        bringDown();

        // When
        breaker.stop();

        // Then
        await().during(settings.probeDelay().multipliedBy(3)).atMost(PATIENCE).until(() -> breaker.admit(channel) == null);
    }
}
