package io.orderstream.kafka;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import io.orderstream.support.Standstill;
import io.orderstream.trace.Tracing;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;

/** What a writer is told whose record is not confirmed. StartOrderIT shows that it is told at once while the broker is away. */
class ConfirmedChannelTest {

    private static final byte[] BYTES = { 1 };

    @Test
    void shouldTellThatARecordIsRefusedForGood() {
        assertThatThrownBy(() -> write(Uni.createFrom().failure(new RecordTooLargeException("2 MB are too many"))))
                .isInstanceOf(WriteRefusedException.class).hasMessage("2 MB are too many");
    }

    @Test
    void shouldTellThatTheBrokerHasNotConfirmedIt() {
        assertThatThrownBy(() -> write(Uni.createFrom().failure(new DisconnectException("gone"))))
                .isInstanceOf(WriteUnavailableException.class).hasMessage("the broker has not confirmed it: gone");
    }

    @Test
    void shouldNotLetAClientWaitForAsLongAsTheProducerTries() {
        assertThatThrownBy(() -> write(Uni.createFrom().nothing())).isInstanceOf(WriteUnavailableException.class)
                .hasMessage("the broker has not confirmed it: no answer within 1 s");
    }

    @Test
    void shouldTellThatTooManyWritesAreUnderWay() {
        assertThatThrownBy(() -> write(Uni.createFrom().deferred(() -> {
            throw new IllegalStateException("insufficient requests");
        }))).isInstanceOf(WriteUnavailableException.class)
                .hasMessage("the broker has not confirmed it: insufficient requests");
    }

    private static void write(Uni<Void> outcome) {
        KafkaSettings settings = new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(KafkaSettings.class).build()
                .getConfigMapping(KafkaSettings.class);
        BrokerWatch broker = new BrokerWatch(null, settings, new Standstill(() -> 0),
                new BrokerRefusals(Map.of()));
        broker.note(new BrokerWatch.Answer(List.of(), null, System.nanoTime()));
        new ConfirmedChannel(emitter(outcome), "orders", broker, Tracing.OFF, Duration.ofSeconds(1))
                .write(BYTES, BYTES, new RecordHeaders()).await().atMost(PATIENCE);
    }

    @SuppressWarnings("unchecked")
    private static MutinyEmitter<byte[]> emitter(Uni<Void> outcome) {
        return (MutinyEmitter<byte[]>) Proxy.newProxyInstance(ConfirmedChannelTest.class.getClassLoader(),
                new Class<?>[] { MutinyEmitter.class }, (proxy, method, arguments) -> outcome);
    }
}
