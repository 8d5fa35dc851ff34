package io.orderstream.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.support.Lifecycle;
import io.orderstream.support.Standstill;
import io.orderstream.support.Ticks;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

/** Checks every second whether a broker answers, and records since when and why none does. Thread safe. */
@ApplicationScoped
public class BrokerWatch {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
    /**
     * The first unanswered request is sent 1 s after the last answered one and fails 2 s later: then the broker is
     * absent. A lost response does not count, as the client repeats the request, nor a broker that is back within the
     * 2 s.
     */
    private static final Duration AWAY_AFTER = Duration.ofMillis(2500);

    private final Admin admin;
    private final String servers;
    private final Standstill standstill;
    private final BrokerRefusals refusals;
    private final Presence presence = new Presence(AWAY_AFTER, Clock.systemUTC(), System::nanoTime);
    private final List<Consumer<Optional<BrokerAbsence>>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private Cancellable asking;

    /** Result of a request: the brokers, or the failure, and when it was sent. */
    record Answer(Collection<Node> nodes, Throwable failure, long sinceNanos) {
    }

    BrokerWatch(Admin admin, KafkaSettings settings, Standstill standstill, BrokerRefusals refusals) {
        this.admin = admin;
        this.standstill = standstill;
        this.refusals = refusals;
        this.servers = settings.bootstrapServers();
    }

    /** Starts before anything waits for the broker. */
    void start(@Observes @Priority(Lifecycle.Start.BROKER_WATCH) StartupEvent event) {
        asking = Ticks.every(INTERVAL, this::ask).subscribe().with(this::note);
    }

    /** Stops before the admin client and dev mode's broker are closed. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(Lifecycle.End.WATCHES) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (asking != null) {
            asking.cancel();
        }
    }

    private Uni<Answer> ask() {
        long sinceNanos = System.nanoTime();
        return Uni.createFrom().completionStage(() -> answer(sinceNanos))
                // The admin client could not be created.
                .onFailure().recoverWithItem(failure -> new Answer(List.of(), failure, sinceNanos));
    }

    private CompletionStage<Answer> answer(long sinceNanos) {
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs((int) ANSWER_TIMEOUT.toMillis());
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        admin.describeCluster(options).nodes()
                .whenComplete((nodes, failure) -> answer.complete(new Answer(nodes, failure, sinceNanos)));
        // While it waits for a connection, the admin client notices its own timeout late. Mutiny's ifNoItem would
        // sometimes log an error if both time out together.
        return answer.completeOnTimeout(new Answer(List.of(), new TimeoutException(), sinceNanos), ANSWER_TIMEOUT.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    void note(Answer answer) {
        if (answer.failure() == null) {
            presence.answered(answer.nodes().size());
            known.complete(null);
        } else if (standstill.isSince(answer.sinceNanos())) {
            presence.notListened();
        } else {
            presence.failed(reason(answer.failure()));
            known.complete(null);
        }
        listeners.forEach(listener -> listener.accept(presence.absence()));
    }

    /** Completes once it is known for the first time whether the broker answers: from then on {@link #absence} says so. */
    public Uni<Void> known() {
        return Uni.createFrom().completionStage(known);
    }

    private String reason(Throwable failure) {
        return "the broker at " + servers
                + (failure instanceof TimeoutException ? " does not answer within " + ANSWER_TIMEOUT.toSeconds() + " s"
                        : " cannot be asked: " + refusals.explain(failure));
    }

    /**
     * Registers a listener, called every one to two seconds.
     *
     * @param listener receives the current absence; called on any thread, one call at a time, and must not block
     */
    public void onAnswer(Consumer<Optional<BrokerAbsence>> listener) {
        listeners.add(listener);
    }

    /** The current absence of the broker; empty if it answers, or has not been asked yet. */
    public Optional<BrokerAbsence> absence() {
        return presence.absence();
    }

    /** Time since the last absence, zero if the broker is absent or has never answered. */
    public Duration presentFor() {
        return presence.presentFor();
    }

    /** Number of brokers in the cluster, 0 if none has answered yet. */
    public int brokers() {
        return presence.brokers();
    }

    /** Determines from the results of periodic requests whether the broker is absent. Thread safe. */
    static final class Presence {

        private final Duration awayAfter;
        private final Clock clock;
        private final LongSupplier nanoTime;
        private boolean hasAnswered;
        private long backNanos;
        private long lastNanos;
        private int brokers;
        private BrokerAbsence absence;

        /** @param awayAfter silence after which the broker is absent; at once if it has never answered */
        Presence(Duration awayAfter, Clock clock, LongSupplier nanoTime) {
            this.awayAfter = awayAfter;
            this.clock = clock;
            this.nanoTime = nanoTime;
            this.lastNanos = nanoTime.getAsLong();
        }

        /** A request was answered, with the number of brokers. */
        synchronized void answered(int count) {
            lastNanos = nanoTime.getAsLong();
            if (!hasAnswered || absence != null) {
                backNanos = lastNanos;
            }
            hasAnswered = true;
            absence = null;
            brokers = count;
        }

        /** Nobody could have heard an answer until now: the silence begins anew. */
        synchronized void notListened() {
            lastNanos = nanoTime.getAsLong();
        }

        /** A request failed. */
        synchronized void failed(String reason) {
            Duration silence = Duration.ofNanos(nanoTime.getAsLong() - lastNanos);
            if (absence != null) {
                absence = new BrokerAbsence(absence.since(), reason);
            } else if (!hasAnswered || silence.compareTo(awayAfter) >= 0) {
                absence = new BrokerAbsence(clock.instant().minus(silence), reason);
            }
        }

        synchronized Optional<BrokerAbsence> absence() {
            return Optional.ofNullable(absence);
        }

        /** Time since the last absence, zero if it is absent or has never answered. */
        synchronized Duration presentFor() {
            return hasAnswered && absence == null ? Duration.ofNanos(nanoTime.getAsLong() - backNanos) : Duration.ZERO;
        }

        /** Number of brokers in the cluster, 0 if none has answered yet. */
        synchronized int brokers() {
            return brokers;
        }
    }
}
