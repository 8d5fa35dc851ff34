package io.orderstream.order;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import io.orderstream.record.Delivery;
import io.smallrye.mutiny.Uni;

/** The simulated handler, with a record of its calls. That it takes the default's place is how a user's own handler does it. */
@ApplicationScoped
public class RecordingOrderHandler implements OrderHandler {

    /** A call: the order, the id of its delivery, the attempt and when it was made. */
    public record Call(String orderId, String id, int attempt, long atNanos) {
    }

    private final SimulatedOrderHandler simulated;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Map<String, Supplier<Uni<Void>>> answers = new ConcurrentHashMap<>();

    RecordingOrderHandler(OrderSettings settings) {
        this.simulated = new SimulatedOrderHandler(settings);
    }

    @Override
    public Uni<Void> handle(Delivery<Order> order) {
        calls.add(new Call(order.value().getOrderId(), order.id(), order.attempt(), System.nanoTime()));
        return answers.getOrDefault(order.value().getOrderId(), () -> simulated.handle(order)).get();
    }

    /** What an order is answered instead. */
    public void answer(String orderId, Supplier<Uni<Void>> answer) {
        answers.put(orderId, answer);
    }

    /** The calls for an order, first to last. */
    public List<Call> callsFor(String orderId) {
        return calls.stream().filter(call -> call.orderId().equals(orderId)).toList();
    }
}
