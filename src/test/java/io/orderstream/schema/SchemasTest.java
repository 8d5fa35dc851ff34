package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;

class SchemasTest {

    private static final Schema SCHEMA = Schema.create(Schema.Type.STRING);

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final List<UniEmitter<? super Schema>> open = new ArrayList<>();
    private final Schemas schemas = new Schemas(id -> Uni.createFrom().emitter(emitter -> {
        calls.incrementAndGet();
        open.add(emitter);
    }), new RegistryContent(id -> Uni.createFrom().voidItem(), () -> Uni.createFrom().voidItem(), nanos::get),
            Duration.ofSeconds(30), nanos::get);

    @Test
    void shouldShareOneCallWhenManyAskForTheSameId() throws InterruptedException, ExecutionException {
        // Given
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<UniAssertSubscriber<Schema>>> asked = new ArrayList<>();

        // When
        for (int i = 0; i < 200; i++) {
            asked.add(threads.submit(() -> load(1)));
        }
        for (Future<UniAssertSubscriber<Schema>> each : asked) {
            each.get();
        }
        open.get(0).complete(SCHEMA);

        // Then
        for (Future<UniAssertSubscriber<Schema>> each : asked) {
            each.get().assertCompleted().assertItem(SCHEMA);
        }
        assertThat(calls).hasValue(1);
        threads.shutdownNow();
    }

    @Test
    void shouldKeepWhatItFetched() {
        // Given
        assertThat(schemas.get(1)).isNull();
        load(1);
        open.get(0).complete(SCHEMA);

        // When
        UniAssertSubscriber<Schema> again = load(1);

        // Then
        again.assertCompleted().assertItem(SCHEMA);
        assertThat(schemas.get(1)).isSameAs(SCHEMA);
        assertThat(calls).hasValue(1);
    }

    @Test
    void shouldAskAgainAfterAnOutage() {
        // Given
        UniAssertSubscriber<Schema> first = load(1);
        open.get(0).fail(new RegistryUnavailableException("down"));
        first.assertFailedWith(RegistryUnavailableException.class);

        // When
        UniAssertSubscriber<Schema> second = load(1);
        open.get(1).complete(SCHEMA);

        // Then
        second.assertCompleted().assertItem(SCHEMA);
    }

    @Test
    void shouldRememberARefusalOfWhatIsOnlyLookedAtForAWhile() {
        // Given
        find(1);
        open.get(0).fail(new RegistryRejectedException(404, 40403, "unknown"));

        // When
        nanos.addAndGet(Schemas.REFUSAL_KEPT.toNanos() - 1);
        UniAssertSubscriber<Schema> soon = find(1);
        nanos.addAndGet(1);
        UniAssertSubscriber<Schema> later = find(1);
        open.get(1).complete(SCHEMA);

        // Then
        soon.assertFailedWith(RegistryRejectedException.class, "unknown");
        later.assertCompleted().assertItem(SCHEMA);
        assertThat(calls).hasValue(2);
    }

    @Test
    void shouldForgetTheEldestRefusalWhenThereAreTooMany() {
        // Given
        for (int id = 1; id <= Schemas.REFUSALS_MAX + 1; id++) {
            find(id);
            open.get(id - 1).fail(new RegistryRejectedException(404, 40403, "unknown"));
        }
        int before = calls.get();

        // When
        find(1);
        find(2);

        // Then
        assertThat(calls.get() - before).isEqualTo(1);
    }

    @Test
    void shouldGoOnForTheOthersWhenOneGivesUp() {
        // Given
        UniAssertSubscriber<Schema> impatient = load(1);
        UniAssertSubscriber<Schema> patient = load(1);

        // When
        impatient.cancel();
        open.get(0).complete(SCHEMA);

        // Then
        patient.awaitItem(Duration.ofSeconds(5)).assertItem(SCHEMA);
    }

    private UniAssertSubscriber<Schema> load(int id) {
        return schemas.load(id).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private UniAssertSubscriber<Schema> find(int id) {
        return schemas.find(id).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
