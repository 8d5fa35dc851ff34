package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.outage.PipelineOutages;
import io.orderstream.record.Decoder;
import io.orderstream.record.RecordNotReadyException;
import io.orderstream.record.UndecodableException;
import io.orderstream.support.Standstill;
import io.smallrye.mutiny.Uni;

class DecoderWaitTest {

    private static final byte[] RECORD = {};
    private static final Throwable NOT_READY = new RecordNotReadyException("not yet");
    private static final Throwable DOWN = new IllegalStateException("down");

    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();
    private final PipelineOutages outages = new Outages().of("orders");
    private final DecoderWait wait = new DecoderWait(eventLoop, outages,
            new Standstill(System::nanoTime));
    private final List<String> loaded = new CopyOnWriteArrayList<>();
    private volatile boolean isGivenUp;

    @AfterEach
    void stop() {
        isGivenUp = true;
        eventLoop.shutdownNow();
    }

    /** A record whose decoder fails so at each attempt, the last failure being repeated. Null is a success. */
    private void load(String name, Throwable... failures) {
        Queue<Throwable> next = new ConcurrentLinkedQueue<>(List.of(failures));
        wait.load(new Decoder<Object>() {

            @Override
            public Object tryDecode(byte[] bytes) {
                return null;
            }

            @Override
            public Uni<Void> load(byte[] bytes) {
                return Uni.createFrom().deferred(() -> Uni.createFrom().failure(next.size() > 1 ? next.poll() : next.peek()));
            }
        }, RECORD, () -> isGivenUp, failure -> loaded.add(name + " " + failure.getMessage()));
    }

    @Test
    void shouldNotTakeARecordThatIsNotReadyForAnOutage() {
        // When
        load("a", NOT_READY, NOT_READY, new UndecodableException("wrong"));

        // Then
        await().atMost(PATIENCE).until(() -> loaded.equals(List.of("a wrong")));
        assertThat(outages.total(OutageCause.REGISTRY)).isZero();
    }

    @Test
    void shouldEndTheOutageWhenNobodyWaitsBecauseOfItThoughOthersGoOnWaiting() {
        // Given
        load("for ever", NOT_READY);
        load("for ever after an outage", DOWN, DOWN, NOT_READY);
        load("for a while", DOWN, DOWN, DOWN, new UndecodableException("wrong"));
        await().atMost(PATIENCE).until(() -> outages.isOut(OutageCause.REGISTRY));

        // Then
        await().atMost(PATIENCE).until(() -> !outages.isOut(OutageCause.REGISTRY));
        assertThat(loaded).containsExactly("for a while wrong");
    }
}
