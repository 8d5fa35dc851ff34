package io.orderstream.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;

import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;

class CorrelationInterceptorTest {

    /** Headers nobody is to read, let alone copy. */
    private static final Headers UNTOUCHABLE = (Headers) Proxy.newProxyInstance(Headers.class.getClassLoader(),
            new Class<?>[] { Headers.class }, (proxy, method, arguments) -> {
                throw new AssertionError(method.getName());
            });

    @Test
    void shouldLeaveTheHeadersAloneOfWhatBelongsToNothing() {
        // Given
        Message<String> message = Message.of("order").addMetadata(
                OutgoingKafkaRecordMetadata.builder().withHeaders(UNTOUCHABLE).build());

        // When
        Message<?> sent = new CorrelationInterceptor(Tracing.OFF).beforeMessageSend(message);

        // Then
        assertThat(sent).isSameAs(message);
    }
}
