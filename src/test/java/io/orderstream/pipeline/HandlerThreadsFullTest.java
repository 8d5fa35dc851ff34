package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.orderstream.testsupport.KafkaAndRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;

/** With virtual threads where the JDK that runs the test has them, and with what Quarkus takes instead where it has not. */
@Tag("full")
@QuarkusTest
@TestProfile(HandlerThreadsFullTest.WithVirtualThreads.class)
@WithTestResource(KafkaAndRegistry.class)
class HandlerThreadsFullTest {

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    public static class WithVirtualThreads implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("ORDERS_COUNT", "0", "VIRTUAL_THREADS", "true");
        }
    }

    @Inject
    HandlerThreads workers;

    @Test
    void shouldCallAHandlerOnAVirtualThreadWhereThereAreAny() throws Exception {
        // Given
        CompletableFuture<Thread> calledOn = new CompletableFuture<>();

        // When
        workers.<String> offload(order -> {
            calledOn.complete(Thread.currentThread());
            return Uni.createFrom().voidItem();
        }).apply(null).await().indefinitely();

        // Then
        boolean expected = Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
        assertThat(isVirtual(calledOn.get())).isEqualTo(expected);
        assertThat(calledOn.get()).isNotSameAs(Thread.currentThread());
    }

    /** By reflection: the tests compile for 17. */
    private static boolean isVirtual(Thread thread) throws IllegalAccessException, InvocationTargetException {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (NoSuchMethodException e) {
            return false;
        }
    }
}
