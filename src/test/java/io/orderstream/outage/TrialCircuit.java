package io.orderstream.outage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;

/** What the annotation of a breaker does, as its specification has it, without CDI: a window, and one success to close it. */
public final class TrialCircuit {

    private final int size;
    private final int mostFailures;
    private final Deque<Boolean> window = new ArrayDeque<>();
    private Consumer<CircuitBreakerState> listener = state -> {
    };
    private boolean isOpen;
    private int told;

    public TrialCircuit(OutageSettings settings) {
        this.size = settings.window();
        this.mostFailures = (int) Math.ceil(settings.failureRatio() * size);
    }

    public void onStateChange(Consumer<CircuitBreakerState> tell) {
        listener = tell;
    }

    public Uni<Void> call(Uni<Void> outcome) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        outcome.subscribe().with(ok -> {
        }, failure::set);
        note(failure.get() == null);
        return outcome;
    }

    private void note(boolean success) {
        told++;
        if (isOpen) {
            listener.accept(CircuitBreakerState.HALF_OPEN);
            isOpen = !success;
        } else {
            window.add(success);
            if (window.size() > size) {
                window.remove();
            }
            isOpen = window.size() == size && window.stream().filter(each -> !each).count() >= mostFailures;
            if (!isOpen) {
                return;
            }
        }
        window.clear();
        listener.accept(isOpen ? CircuitBreakerState.OPEN : CircuitBreakerState.CLOSED);
    }

    boolean isOpen() {
        return isOpen;
    }

    /** How many outcomes it has heard of. */
    int told() {
        return told;
    }
}
