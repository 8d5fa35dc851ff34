package io.orderstream;

import static io.orderstream.testsupport.FulfilmentServer.Reply.of;
import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.testsupport.AppProcess;
import io.orderstream.testsupport.FulfilmentServer;
import io.orderstream.testsupport.FulfilmentServer.Call;
import io.orderstream.testsupport.Jdks;
import io.orderstream.testsupport.PackagedApps;

/** The packaged application with an HTTP endpoint for its orders. */
@Tag("full")
class FulfilmentIT {

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
    void shouldFinishTheCallsUnderWayAtAStopAndHandBackThoseThatTakeTooLong(@TempDir Path directory) throws IOException {
        try (PackagedApps apps = new PackagedApps(directory); FulfilmentServer endpoint = new FulfilmentServer().start()) {
            // Given
            Map<String, String> settings = PackagedApps.ownTopics();
            endpoint.answer(call -> of(200).after(call.isOf("1001") ? Duration.ofSeconds(2) : Duration.ofMinutes(5)));
            AppProcess app = apps.start(Jdks.own(), settings, "ORDERS_COUNT=2", "ORDERS_ID_START=1001", "ORDERS_INTERVAL=1ms",
                    "FULFILMENT_URL=" + endpoint.url(), "FULFILMENT_TIMEOUT=1m", "DRAIN_TIMEOUT=10s");
            await().atMost(PATIENCE).until(() -> endpoint.calls("1001").size() + endpoint.calls("1002").size() == 2);

            // When
            app.terminate();
            app.awaitExit(PATIENCE);

            // Then
            assertThat(app.matches("final statistics: received=2 processed=1 deadLettered=0 ")).hasSize(1);
            assertThat(app.matches("dead letter:")).isEmpty();
            assertThat(apps.deadLetters(settings)).isEmpty();

            // And when
            endpoint.answer(call -> of(200));
            AppProcess next = apps.start(Jdks.own(), settings, "ORDERS_COUNT=0", "FULFILMENT_URL=" + endpoint.url());
            await().atMost(PATIENCE).until(() -> endpoint.calls("1002").size() == 2);
            next.terminate();
            next.awaitExit(PATIENCE);

            // Then
            assertThat(next.matches("final statistics: received=2 processed=2 deadLettered=0 ")).hasSize(1);
            assertThat(endpoint.calls("1002")).extracting(Call::idempotencyKey)
                    .containsOnly(endpoint.calls("1002").get(0).idempotencyKey());
            assertThat(endpoint.calls("1001")).hasSize(1);
        }
    }
}
