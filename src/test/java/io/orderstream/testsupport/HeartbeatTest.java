package io.orderstream.testsupport;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void shouldCountWaitingForAProcessorUpToALimit(@TempDir Path directory) throws Exception {
        // Given
        Path pressure = Files.writeString(directory.resolve("cpu"), "some avg10=1.00 total=7000000\n");
        Heartbeat heartbeat = new Heartbeat(pressure).start();
        long begin = System.nanoTime();
        await().atMost(PATIENCE).until(() -> System.nanoTime() - begin > SECOND / 5);
        long middle = System.nanoTime();

        // When
        Path later = Files.writeString(directory.resolve("later"), "some avg10=1.00 total=12000000\n");
        Files.move(later, pressure, java.nio.file.StandardCopyOption.ATOMIC_MOVE);

        // Then
        await().atMost(PATIENCE).until(() -> heartbeat.lostNanos(middle, System.nanoTime(), 60 * SECOND) >= 5 * SECOND);
        long end = System.nanoTime();
        // Until the next beat a standstill is a guess, which grows.
        await().atMost(PATIENCE).untilAsserted(() -> {
            long stoodStill = heartbeat.lostNanos(middle, end, 0);
            assertThat(heartbeat.lostNanos(middle, end, 60 * SECOND) - stoodStill).isEqualTo(5 * SECOND);
            assertThat(heartbeat.lostNanos(middle, end, SECOND) - stoodStill).isEqualTo(SECOND);
        });
        assertThat(heartbeat.lostNanos(begin, middle, 60 * SECOND)).isEqualTo(heartbeat.lostNanos(begin, middle, 0));
    }

    @Test
    void shouldKnowOfAStandstillBeforeTheNextBeat() {
        // Given
        Heartbeat heartbeat = new Heartbeat().start();
        long now = System.nanoTime();

        // When: a time span that ends later than the last beat by a minute
        long lost = heartbeat.lostNanos(now, now + 60 * SECOND, 0);

        // Then: beats, in time or late, may have come since it began
        long since = System.nanoTime() - now;
        assertThat(lost).isBetween(59 * SECOND - since, 60 * SECOND + since);
    }
}
