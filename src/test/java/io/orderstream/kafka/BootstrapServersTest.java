package io.orderstream.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What resolves later: StartOrderIT. */
class BootstrapServersTest {

    private final AtomicInteger calls = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = { "localhost:9092", "no-such-host.invalid:9092, localhost:9092", "PLAINTEXT://[::1]:9092",
            "no address at all" })
    void shouldLetClientsBeMadeWhenOneNameCanBeResolvedAndLeaveNonsenseToKafka(String servers) {
        // Given
        BootstrapServers known = new BootstrapServers(servers, "PLAINTEXT");

        // When
        known.start(null);
        known.whenKnown(calls::incrementAndGet);

        // Then
        assertThat(known.areKnown()).isTrue();
        assertThat(calls).hasValue(1);
        known.require();
    }

    @Test
    void shouldRefuseClientsAndSayWhyWhenNoNameCanBeResolved() {
        // Given
        BootstrapServers unknown = new BootstrapServers("no-such-host.invalid:9092", "PLAINTEXT");

        // When
        unknown.start(null);
        unknown.whenKnown(calls::incrementAndGet);

        // Then
        assertThat(unknown.areKnown()).isFalse();
        assertThatThrownBy(unknown::require).isInstanceOf(KafkaException.class)
                .hasMessage("no host name of no-such-host.invalid:9092 can be resolved");
        assertThat(calls).hasValue(0);
        unknown.stop(null);
    }
}
