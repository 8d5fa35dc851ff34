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

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.TimeoutException;

import io.orderstream.support.Ticks;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;

/**
 * Asks every second whether a broker answers, from the start of the application to its end, and knows since when and why none
 * does. All methods may be called on any thread.
 */
@ApplicationScoped
public class BrokerWatch {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
    /**
     * A question that gets no answer is asked a second after one that did, and given up after two more: then the broker is
     * away. A lost answer is none, as the client asks again within the two seconds; nor is a broker that is back in them.
     */
    private static final Duration AWAY_AFTER = Duration.ofMillis(2500);

    private final Admin admin;
    private final String servers;
    private final BrokerPresence presence = new BrokerPresence(AWAY_AFTER, Clock.systemUTC(), System::nanoTime);
    private final List<Consumer<Optional<BrokerAbsence>>> listeners = new CopyOnWriteArrayList<>();
    private Cancellable asking;

    /** What has become of a question: the brokers there are, or why there is no answer. */
    private record Answer(Collection<Node> nodes, Throwable failure) {
    }

    BrokerWatch(Admin admin, KafkaSettings settings) {
        this.admin = admin;
        this.servers = settings.bootstrapServers();
    }

    /** Before anybody waits for the broker. */
    void start(@Observes @Priority(90) StartupEvent event) {
        asking = Ticks.every(INTERVAL, this::ask).subscribe().with(this::note);
    }

    /** Before the client is closed and the broker of dev mode goes. */
    void stop(
            @Observes(notifyObserver = Reception.IF_EXISTS) @Priority(40) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (asking != null) {
            asking.cancel();
        }
    }

    private Uni<Answer> ask() {
        return Uni.createFrom().completionStage(this::answer)
                // Not even a client could be made.
                .onFailure().recoverWithItem(failure -> new Answer(List.of(), failure));
    }

    private CompletionStage<Answer> answer() {
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs((int) ANSWER_TIMEOUT.toMillis());
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        admin.describeCluster(options).nodes().whenComplete((nodes, failure) -> answer.complete(new Answer(nodes, failure)));
        // A call that waits for a connection notices its own timeout late. When the two come in the same moment one of them
        // counts; Mutiny's ifNoItem would now and then log the other as an error.
        return answer.completeOnTimeout(new Answer(List.of(), new TimeoutException()), ANSWER_TIMEOUT.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void note(Answer answer) {
        if (answer.failure() == null) {
            presence.answered(answer.nodes().size());
        } else {
            presence.failed(reason(answer.failure()));
        }
        listeners.forEach(listener -> listener.accept(presence.absence()));
    }

    private String reason(Throwable failure) {
        return "the broker at " + servers
                + (failure instanceof TimeoutException ? " does not answer within " + ANSWER_TIMEOUT.toSeconds() + " s"
                        : " cannot be asked: " + failure.getMessage());
    }

    /**
     * Tells every second or two whether the broker is away.
     *
     * @param listener gets the absence there is; called on any thread, one call after the other, must not block
     */
    public void onAnswer(Consumer<Optional<BrokerAbsence>> listener) {
        listeners.add(listener);
    }

    /** Since when and why the broker is away; empty if it is not, or has not been asked yet. */
    public Optional<BrokerAbsence> absence() {
        return presence.absence();
    }

    /** How long the broker has been there without an absence, zero if it is away or has never answered. */
    public Duration presentFor() {
        return presence.presentFor();
    }

    /** Brokers of the cluster, 0 if it has never answered. */
    public int brokers() {
        return presence.brokers();
    }
}
