package io.orderstream.guarantee;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import io.orderstream.testsupport.FulfilmentServer;
import io.orderstream.testsupport.FulfilmentServer.Call;
import io.orderstream.testsupport.FulfilmentServer.Reply;

/** What orders are posted to. Refuses those that are poison, and remembers what it has answered to whom. Thread safe. */
final class Endpoint implements AutoCloseable {

    /** The ids of orders it never takes begin with this. */
    static final String POISON = "poison-";

    static final Supplier<Reply> TAKES = () -> Reply.of(200);

    private static final int UNPROCESSABLE = 422;

    private final FulfilmentServer server = new FulfilmentServer();
    private final Queue<EndpointCall> calls = new ConcurrentLinkedQueue<>();
    private volatile Supplier<Reply> behaviour = TAKES;

    /** It listens at once. */
    Endpoint() {
        server.answer(this::reply);
        server.start();
    }

    private Reply reply(Call call) {
        Reply reply = call.body().contains('"' + POISON) ? Reply.of(UNPROCESSABLE) : behaviour.get();
        boolean isInTime = reply.after().equals(Duration.ZERO);
        calls.add(new EndpointCall(call, isInTime ? reply.status() : EndpointCall.TOO_LATE));
        return reply;
    }

    /** From now on, what is answered for orders that are not poison; whatever takes time at all takes too long. */
    void answers(Supplier<Reply> with) {
        behaviour = with;
    }

    void stop() {
        server.stop();
    }

    void start() {
        server.start();
    }

    String url() {
        return server.url();
    }

    /** The calls up to now, oldest first. */
    List<EndpointCall> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        server.close();
    }
}
