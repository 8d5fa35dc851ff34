package io.orderstream.pipeline;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.record.Delivery;
import io.orderstream.support.DaemonThreads;
import io.orderstream.trace.Tracing;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/**
 * The threads of handlers that block: a bounded pool, or virtual threads, of which Quarkus falls back to its own
 * bounded pool with a warning where the JDK has none. What waits for a thread is bounded by the records in flight.
 */
@ApplicationScoped
public class HandlerThreads {

    private final ExecutorService pool;
    private final Executor executor;
    private final Tracing tracing;

    HandlerThreads(PipelineSettings settings, @VirtualThreads ExecutorService virtualThreads, Tracing tracing) {
        // Threads are made when they are needed: no blocking handler, no thread.
        AtomicInteger number = new AtomicInteger();
        this.pool = Executors.newFixedThreadPool(settings.handlerThreads(),
                task -> DaemonThreads.named("handler-" + number.incrementAndGet(), task));
        this.executor = settings.virtualThreads() ? virtualThreads : pool;
        this.tracing = tracing;
    }

    /**
     * Moves the calls of a handler to these threads.
     *
     * @param handler may block
     * @return returns at once, and completes on one of these threads
     */
    public <T> Function<Delivery<T>, Uni<Void>> offload(Function<Delivery<T>, Uni<Void>> handler) {
        return delivery -> {
            Supplier<Uni<Void>> call = tracing.carried(() -> handler.apply(delivery));
            return Uni.createFrom().emitter(emitter -> executor.execute(() -> call(call, emitter)));
        };
    }

    /** What is thrown on a thread of the pool would otherwise be nobody's answer. */
    private static void call(Supplier<Uni<Void>> call, UniEmitter<? super Void> emitter) {
        try {
            Objects.requireNonNull(call.get(), "the handler returned null instead of a Uni").subscribe()
                    .with(done -> emitter.complete(null), emitter::fail);
        } catch (Throwable e) {
            emitter.fail(e);
        }
    }

    @PreDestroy
    void stop() {
        pool.shutdownNow();
    }
}
