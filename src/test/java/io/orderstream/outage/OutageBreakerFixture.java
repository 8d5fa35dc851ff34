package io.orderstream.outage;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;

import io.orderstream.outage.OutageBreaker.Ticket;
import io.orderstream.record.PoisonException;
import io.orderstream.testsupport.TooLate;
import io.vertx.core.Vertx;

/** A breaker, and calls that end as a test wants. */
abstract class OutageBreakerFixture {

    static final int MOST_CALLS = 16;
    static final Throwable DOWN = new IllegalStateException("down");
    static final Throwable POISON = new PoisonException("poison");

    final Vertx timers = Vertx.vertx();
    final TrialOutages settings = new TrialOutages();
    final PipelineOutages outages = new Outages().of("orders");
    final AtomicInteger woken = new AtomicInteger();
    final Runnable channel = woken::incrementAndGet;
    final OutageBreaker breaker = breaker(outages);

    final OutageBreaker breaker(PipelineOutages told) {
        OutageBreaker made = new OutageBreaker(told, settings, MOST_CALLS, timers);
        made.onAdmission(channel);
        return made;
    }

    @AfterEach
    void endTimers() {
        timers.close();
    }

    void call(int times, Throwable outcome) {
        for (int call = 0; call < times; call++) {
            breaker.ended(breaker.admit(channel), outcome, false);
        }
    }

    void bringDown() {
        call(settings.window(), DOWN);
        assertThat(breaker.isOpen()).isTrue();
    }

    Ticket awaitProbe() {
        return await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> breaker.admit(channel),
                ticket -> ticket != null);
    }

    /** Unless so much time has passed that the next one is due. */
    void assertThatNoneIsAdmitted(String why) {
        if (breaker.admit(channel) != null) {
            throw new TooLate("admitted: " + why);
        }
    }

    void recover() {
        bringDown();
        breaker.ended(awaitProbe(), null, false);
        assertThat(breaker.isOpen()).isFalse();
    }
}
