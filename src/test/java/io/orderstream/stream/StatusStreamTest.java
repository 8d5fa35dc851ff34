package io.orderstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.orderstream.outage.Outage;
import io.orderstream.outage.OutageCause;
import io.orderstream.outage.Outages;
import io.orderstream.outage.PipelineOutages;
import io.orderstream.stream.StatusStream.Event;
import io.orderstream.stream.StatusStream.Part;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;

class StatusStreamTest {

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final int ROUNDS = 20;
    private static final Duration TEN_INTERVALS = INTERVAL.multipliedBy(10);

    private final WatchedOutages outages = new WatchedOutages();
    private final PipelineOutages orders = outages.of("orders");
    private final AtomicLong computed = new AtomicLong();
    private final AtomicReference<Instant> probe = new AtomicReference<>();
    private final StatusStream stream = streamOf(
            new Part<>("stats", INTERVAL, false, () -> Uni.createFrom().item(this::compute), Function.identity()));

    /** Knows how many listen to it. */
    private static final class WatchedOutages extends Outages {

        private final AtomicInteger listeners = new AtomicInteger();

        @Override
        public Runnable onChange(BiConsumer<Outage, Boolean> listener) {
            Runnable end = super.onChange(listener);
            listeners.incrementAndGet();
            return () -> {
                end.run();
                listeners.decrementAndGet();
            };
        }
    }

    @AfterEach
    void end() {
        stream.end();
    }

    @Test
    void shouldTellTheOutagesThereAreAndThenTheStatisticsAgainAndAgain() {
        // Given
        orders.begins(OutageCause.REGISTRY, "refused");

        // When
        AssertSubscriber<Event> client = listen(Long.MAX_VALUE);
        await().until(() -> statistics(client).size() > 3);

        // Then
        assertThat(client.getItems().get(0)).isEqualTo(event(orders.now().get(0), true));
        assertThat(outages(client)).hasSize(1);
        assertThat(statistics(client)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldTellEachOutageThatBeginsAndEnds() {
        // Given
        AssertSubscriber<Event> client = listen(Long.MAX_VALUE);

        // When
        orders.begins(OutageCause.DEPENDENCY, "refused");
        Outage outage = orders.now().get(0);
        await().until(() -> outages(client).size() == 1);
        orders.ends(OutageCause.DEPENDENCY);
        await().until(() -> outages(client).size() == 2);

        // Then
        assertThat(outages(client)).containsExactly(event(outage, true), event(outage, false));
    }

    @Test
    void shouldComputeTheStatisticsOnceHoweverManyListen() {
        // When
        List<AssertSubscriber<Event>> clients = Stream.generate(() -> listen(Long.MAX_VALUE)).limit(50).toList();
        await().until(() -> clients.stream().allMatch(client -> statistics(client).size() > 5));
        assertThat(statistics(listen(1))).hasSize(1);
        stream.end();

        // Then
        List<Long> seen = statistics(clients.get(0));
        assertThat(seen).isEqualTo(LongStream.rangeClosed(1, seen.get(seen.size() - 1)).boxed()
                .filter(number -> !fails(number)).toList());
        // One after the other is told that it ends, and the statistics go on until the last one is.
        long last = clients.stream().map(StatusStreamTest::statistics).mapToLong(told -> told.get(told.size() - 1)).max()
                .orElseThrow();
        assertThat(computed.get()).isLessThanOrEqualTo(last + 2);
    }

    @Test
    void shouldGoOnWhenTheStatisticsTakeLongerThanTheInterval() {
        // Given
        StatusStream waiting = streamOf(new Part<>("stats", INTERVAL, false,
                () -> Uni.createFrom().item(this::compute).onItem().delayIt().by(INTERVAL.multipliedBy(3)),
                Function.identity()));

        // When
        AssertSubscriber<Event> client = waiting.events().subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));

        // Then
        await().until(() -> statistics(client).size() > 3);
        client.cancel();
    }

    @Test
    void shouldLeaveNothingBehindWhenTheLastClientHasGone() {
        // Given
        AssertSubscriber<Event> first = listen(Long.MAX_VALUE);
        AssertSubscriber<Event> last = listen(0);
        await().until(() -> !statistics(first).isEmpty());
        assertThat(outages.listeners).hasValue(1);

        // When
        first.cancel();
        assertThat(outages.listeners).hasValue(1);
        last.cancel();

        // Then
        assertThat(outages.listeners).hasValue(0);
        long before = computed.get();
        await().during(TEN_INTERVALS).until(() -> computed.get() <= before + 1);

        // And it begins anew for another one
        AssertSubscriber<Event> next = listen(Long.MAX_VALUE);
        await().until(() -> !statistics(next).isEmpty());
    }

    @Test
    void shouldKeepNoMoreForASlowClientThanHowItStandsAndHoldNobodyElseUp() {
        // Given
        AssertSubscriber<Event> slow = listen(0);
        AssertSubscriber<Event> other = listen(Long.MAX_VALUE);

        // When
        for (int i = 0; i < ROUNDS; i++) {
            orders.begins(OutageCause.DEPENDENCY, "refused");
            orders.begins(OutageCause.BROKER, "gone");
            orders.ends(OutageCause.DEPENDENCY);
            if (i < ROUNDS - 1) {
                orders.ends(OutageCause.BROKER);
            }
        }
        Outage broker = orders.now().get(0);
        await().until(() -> statistics(other).size() > 10 && outages(other).contains(event(broker, true)));
        other.cancel();
        long before = computed.get();
        slow.request(Long.MAX_VALUE);
        await().until(() -> statistics(slow).size() > 2);

        // Then
        assertThat(outages(slow)).hasSize(2).contains(event(broker, true)).extracting(Event::json)
                .anyMatch(json -> json.contains("cause=dependency") && json.contains("active=false"));
        assertThat(slow.getItems().get(2).name()).isEqualTo("stats");
        // The latest may be about to be told, and the one before it have failed.
        assertThat(statistics(slow).get(0)).isGreaterThanOrEqualTo(before - 2);
    }

    @Test
    void shouldTellAValueOnlyIfItHasChangedAndToWhoeverComesLaterAsItIsSeenThen() {
        // Given
        AtomicReference<String> now = new AtomicReference<>("one");
        AtomicInteger seen = new AtomicInteger();
        StatusStream news = streamOf(new Part<>("news", INTERVAL, true, () -> Uni.createFrom().item(now::get),
                value -> value + seen.incrementAndGet()),
                new Part<>("stats", INTERVAL, false, () -> Uni.createFrom().item(this::compute), Function.identity()));
        AssertSubscriber<Event> first = listen(news, Long.MAX_VALUE);
        await().until(() -> statistics(first).size() > 5);

        // When
        AssertSubscriber<Event> later = listen(news, Long.MAX_VALUE);
        await().until(() -> statistics(first).size() > 10);
        now.set("other");
        await().until(() -> told(later, "news").size() == 2);
        await().until(() -> told(first, "news").size() == 2);

        // Then
        assertThat(told(first, "news")).containsExactly("one1", "other3");
        assertThat(told(later, "news")).containsExactly("one2", "other3");

        // And who comes when all have gone hears it as well
        first.cancel();
        later.cancel();
        AssertSubscriber<Event> next = listen(news, Long.MAX_VALUE);
        await().until(() -> !told(next, "news").isEmpty());
        next.cancel();
    }

    @Test
    void shouldKeepOfEachPartNoMoreThanTheLatestForASlowClient() {
        // Given
        StatusStream both = streamOf(
                new Part<>("stats", INTERVAL, false, () -> Uni.createFrom().item(this::compute), Function.identity()),
                new Part<>("more", INTERVAL, false, () -> Uni.createFrom().item("more"), Function.identity()));
        AssertSubscriber<Event> slow = listen(both, 0);
        AssertSubscriber<Event> other = listen(both, Long.MAX_VALUE);

        // When
        await().until(() -> statistics(other).size() > 10);
        slow.request(2);
        await().until(() -> slow.getItems().size() == 2);

        // Then
        assertThat(slow.getItems()).extracting(Event::name).containsExactlyInAnyOrder("stats", "more");
        assertThat(statistics(slow).get(0)).isGreaterThan(10);
        slow.cancel();
        other.cancel();
    }

    @Test
    void shouldTellWhenTheNextProbeIsPlannedAndWhenThatChanges() {
        // Given
        Instant first = Instant.now().plusSeconds(1);
        probe.set(first);
        orders.begins(OutageCause.DEPENDENCY, "refused");
        AssertSubscriber<Event> client = listen(Long.MAX_VALUE);
        await().until(() -> outages(client).size() == 1);

        // When
        probe.set(first.plusSeconds(2));
        await().until(() -> outages(client).size() == 2);
        probe.set(null);
        await().until(() -> outages(client).size() == 3);

        // Then
        assertThat(outages(client)).extracting(Event::json).satisfiesExactly(
                json -> assertThat(json).contains("nextProbeAt=" + first),
                json -> assertThat(json).contains("nextProbeAt=" + first.plusSeconds(2)),
                json -> assertThat(json).contains("active=true", "nextProbeAt=null"));
    }

    @Test
    void shouldEndTheStreamsThereAreAndThoseToCome() {
        // Given
        AssertSubscriber<Event> client = listen(Long.MAX_VALUE);
        listen(0);

        // When
        stream.end();

        // Then
        client.awaitCompletion();
        listen(Long.MAX_VALUE).awaitCompletion().assertHasNotReceivedAnyItem();
        assertThat(outages.listeners).hasValue(0);
    }

    @Test
    void shouldTellNothingTwice() {
        // Given
        orders.begins(OutageCause.REGISTRY, "refused");
        Outage outage = orders.now().get(0);
        StreamClient client = new StreamClient(changed -> OutageChange.of(changed, outages.now(), null),
                change -> new Event("outage", change.toString()));
        client.changed(outage);
        assertThat(client.next().await().indefinitely()).isEqualTo(event(outage, true));

        // When
        client.changed(outage);
        client.latest(new Event("stats", "{}"));

        // Then
        assertThat(client.next().await().indefinitely().name()).isEqualTo("stats");
    }

    @Test
    void shouldSayHowItStandsWhenTheNoticeOfAnEndComesLate() {
        // Given
        Outage over = new Outage("orders", OutageCause.REGISTRY, Instant.EPOCH, "refused");
        Outage next = new Outage("orders", OutageCause.REGISTRY, Instant.EPOCH.plusSeconds(9), "no answer");
        Outage others = new Outage("events", OutageCause.REGISTRY, Instant.EPOCH, "refused");

        // Then
        Instant probe = next.since().plusSeconds(1);
        assertThat(OutageChange.of(over, List.of(others, next), probe))
                .isEqualTo(new OutageChange("orders", "registry", next.since(), "no answer", true, probe));
        assertThat(OutageChange.of(over, List.of(others), probe))
                .isEqualTo(new OutageChange("orders", "registry", Instant.EPOCH, "refused", false, null));
    }

    /** One failure is not the end of the stream. */
    private static boolean fails(long number) {
        return number % 3 == 2;
    }

    private Long compute() {
        long number = computed.incrementAndGet();
        if (fails(number)) {
            throw new IllegalStateException("no statistics this time");
        }
        return number;
    }

    private StatusStream streamOf(Part<?>... parts) {
        return new StatusStream(List.of(parts), outages, outage -> probe.get(), Object::toString);
    }

    private AssertSubscriber<Event> listen(long requested) {
        return listen(stream, requested);
    }

    private static AssertSubscriber<Event> listen(StatusStream stream, long requested) {
        return stream.events().subscribe().withSubscriber(AssertSubscriber.create(requested));
    }

    private static Event event(Outage outage, boolean active) {
        return new Event("outage", new OutageChange(outage.pipeline(), outage.cause().label(), outage.since(),
                outage.reason(), active, null).toString());
    }

    private static List<Event> outages(AssertSubscriber<Event> client) {
        return List.copyOf(client.getItems()).stream().filter(event -> event.name().equals("outage")).toList();
    }

    private static List<String> told(AssertSubscriber<Event> client, String name) {
        return List.copyOf(client.getItems()).stream().filter(event -> event.name().equals(name)).map(Event::json).toList();
    }

    private static List<Long> statistics(AssertSubscriber<Event> client) {
        return List.copyOf(client.getItems()).stream().filter(event -> event.name().equals("stats"))
                .map(event -> Long.valueOf(event.json())).toList();
    }
}
