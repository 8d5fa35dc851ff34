package io.orderstream.guarantee;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance that works at full speed for long, with faults, restarts of another one, outages and open pages, holds no more at
 * the end than soon after its start. Prints one line, and writes what it held over time to {@code target/soak}.
 */
@Tag("full")
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SoakIT {

    /** How long the load lasts; {@code -Psoak} plays 30 minutes. */
    private static final Duration LOAD = Duration.ofMinutes(Long.getLong("soak.minutes", 3));
    private static final boolean IS_SHORT = LOAD.compareTo(Duration.ofMinutes(6)) < 0;
    /** In which pools and caches fill, and classes are loaded; each fault has happened by then. */
    private static final Duration WARM_UP = IS_SHORT ? LOAD.dividedBy(3) : Duration.ofMinutes(2);
    /** More than two cores can process beside all else; the short form leaves something to the tests beside it. */
    private static final int ORDERS_PER_SECOND = IS_SHORT ? 1000 : 5000;
    private static final int LOOKS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final Path FIGURES = Path.of("target", "soak", "figures.csv");

    private long begin;
    private Inspection last;

    @Test
    void shouldHoldNoMoreAtTheEndThanAfterItsWarmUp(@TempDir Path directory) throws IOException {
        Files.createDirectories(FIGURES.getParent());
        Files.writeString(FIGURES, "seconds,after," + Holdings.HEAD + ",finished\n");
        try (SoakStage stage = new SoakStage(directory, ORDERS_PER_SECOND)) {
            // Given
            begin = System.nanoTime();
            int rounds = playUntil(stage, WARM_UP, 0);
            Holdings first = least(stage);
            Inspection before = last;

            // When
            rounds = playUntil(stage, LOAD, rounds);

            // Then
            Holdings end = awaitWithin(stage, first.limit(), before);
            double seconds = seconds();
            Map<String, Long> records = stage.finish();
            System.out.printf(Locale.ROOT, "soak: minutes=%.1f rounds=%d records=%s after the warm-up: %s at the end: %s%n",
                    seconds / 60, rounds, records, first, end);
        }
    }

    /** Plays whole rounds, at least one, until the load has lasted so long. */
    private int playUntil(SoakStage stage, Duration until, int played) {
        int rounds = played;
        do {
            boolean gracefully = rounds % 2 == 0;
            play(stage, "join", stage::join);
            play(stage, "redrive", stage::readAndRedrive);
            play(stage, "registry", stage::registryOutage);
            play(stage, "pages", stage::reopenPages);
            play(stage, "broker", () -> stage.brokerOutage(!gracefully));
            play(stage, "redrive", stage::readAndRedrive);
            play(stage, "leave", () -> stage.leave(gracefully));
            rounds++;
        } while (seconds() < until.toSeconds());
        return rounds;
    }

    private void play(SoakStage stage, String fault, Runnable scene) {
        scene.run();
        look(stage, fault);
    }

    private double seconds() {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1e3;
    }

    private Holdings look(SoakStage stage, String after) {
        last = Inspection.of(stage.process());
        Holdings now = stage.holdings(last);
        write(String.format(Locale.ROOT, "%.0f,%s,%s,%d%n", seconds(), after, now.csv(), stage.finished()));
        return now;
    }

    private static void write(String line) {
        try {
            Files.writeString(FIGURES, line, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The least of several looks, as what is under way in one moment is not in another. */
    private Holdings least(SoakStage stage) {
        Holdings least = look(stage, "load");
        for (int looks = 1; looks < LOOKS; looks++) {
            await().pollDelay(BETWEEN_LOOKS).until(() -> true);
            least = least.least(look(stage, "load"));
        }
        return least;
    }

    private Holdings awaitWithin(SoakStage stage, Holdings limit, Inspection before) {
        Holdings[] least = { least(stage) };
        try {
            await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(BETWEEN_LOOKS).until(() -> {
                if (!least[0].isWithin(limit)) {
                    least[0] = least[0].least(look(stage, "load"));
                }
                return least[0].isWithin(limit);
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("holds " + least[0] + ", and may hold " + limit + last.since(before), e);
        }
        return least[0];
    }
}
