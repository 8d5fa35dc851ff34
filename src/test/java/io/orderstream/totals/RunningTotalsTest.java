package io.orderstream.totals;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

class RunningTotalsTest {

    private static final int WRITERS = 2;
    private static final int ROUNDS = 200_000;
    private static final long PRICE_CENTS = 1_999;

    private final RunningTotals average = new RunningTotals();

    @Test
    void shouldCountEachOutcomeWhereItBelongs() {
        // When
        average.received();
        average.received();
        average.received();
        average.processed(1_000);
        average.processed(2_001);
        average.deadLettered();

        // Then
        assertThat(average.totals()).isEqualTo(new Totals(3, 2, 1, 3_001));
        assertThat(average.retries()).isZero();
    }

    @Test
    void shouldBringBackWhatWasCommittedAndTakeAwayWhatIsGivenAway() {
        // Given
        Totals first = new Totals(10, 7, 2, 12_345);
        Totals second = new Totals(5, 4, 1, 999);
        average.assigned(first);
        average.assigned(second);
        average.received();
        average.processed(50);

        // When
        Totals both = average.totals();
        average.revoked(first.plus(new Totals(1, 1, 0, 50)));
        Totals one = average.totals();
        average.revoked(second);

        // Then
        assertThat(both).isEqualTo(new Totals(16, 12, 3, 13_394));
        assertThat(one).isEqualTo(second);
        assertThat(average.totals()).isEqualTo(Totals.ZERO);
    }

    @Test
    void shouldCountRetriesOfThisInstanceApartFromTheTotals() {
        // When
        average.retried();
        average.retried();

        // Then
        assertThat(average.retries()).isEqualTo(2);
        assertThat(average.totals()).isEqualTo(Totals.ZERO);
    }

    /** A lost update shows too rarely in a test to be waited for. */
    @Test
    void shouldLetOneThreadAtATimeCountOrRead() {
        assertThat(RunningTotals.class.getDeclaredMethods()).filteredOn(method -> !method.isSynthetic()).isNotEmpty()
                .allMatch(method -> Modifier.isSynchronized(method.getModifiers()));
    }

    @Test
    void shouldShowReadersTotalsThatBelongTogetherWhileOthersCount() throws InterruptedException, ExecutionException {
        // Given
        AtomicBoolean isWriting = new AtomicBoolean(true);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
        try {
            // When
            Future<List<Totals>> reader = threads.submit(() -> inconsistent(isWriting));
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(this::write));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            isWriting.set(false);

            // Then
            assertThat(reader.get()).as("totals of which the revenue is not that of the processed").isEmpty();
        } finally {
            threads.shutdownNow();
        }
        long all = (long) WRITERS * ROUNDS;
        assertThat(average.totals()).isEqualTo(new Totals(4 * all, 2 * all, all, 2 * all * PRICE_CENTS));
        assertThat(average.retries()).isEqualTo(all);
    }

    private void write() {
        for (int i = 0; i < ROUNDS; i++) {
            average.received();
            average.processed(PRICE_CENTS);
            average.deadLettered();
            average.retried();
            average.assigned(new Totals(6, 2, 1, 2 * PRICE_CENTS));
            average.revoked(new Totals(3, 1, 1, PRICE_CENTS));
        }
    }

    private List<Totals> inconsistent(AtomicBoolean isWriting) {
        List<Totals> found = new ArrayList<>();
        while (isWriting.get() && found.size() < 3) {
            Totals totals = average.totals();
            if (totals.amount() != totals.processed() * PRICE_CENTS) {
                found.add(totals);
            }
        }
        return found;
    }
}
