package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import io.orderstream.activity.Activity;
import io.orderstream.activity.Fate;
import io.orderstream.activity.Lane;
import io.orderstream.activity.RecentRecord;
import io.orderstream.outage.TrialOutages;
import io.orderstream.pipeline.PipelineSettings.RetryMode;
import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.testsupport.NastyTexts;
import io.orderstream.trace.Tracing;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

/** What is shown of the records of a channel while they are on their way, and when they are at their end. */
class ChannelActivityTest {

    private static final Uni<Void> NEVER = Uni.createFrom().nothing();
    private static final int MANY = 10_000;

    private final Map<String, CompletableFuture<Void>> answers = new ConcurrentHashMap<>();

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key) {
        return PipelineHarness.record(0, offset, key == null ? null : key.getBytes(StandardCharsets.UTF_8));
    }

    private Uni<Void> handle(Delivery<byte[]> record) {
        return Uni.createFrom().completionStage(() -> answer(key(record)));
    }

    private CompletableFuture<Void> answer(String key) {
        return answers.computeIfAbsent(key, any -> new CompletableFuture<>());
    }

    private static String key(Delivery<byte[]> record) {
        return new String(((InFlightRecord<byte[]>) record).record.key(), StandardCharsets.UTF_8);
    }

    private static void poll(PipelineHarness harness, List<ConsumerRecord<byte[], byte[]>> records) {
        harness.poll(records).subscribe().with(done -> {
        });
    }

    private static List<RecentRecord> latest(PipelineHarness harness) {
        return harness.activity().latest();
    }

    @Test
    void shouldShowWhatTheFirstOfEachLaneWaitsForAndHowManyAreBehindIt() {
        // Given: nothing that is to be moved to the retry topic gets there
        try (PipelineHarness harness = new PipelineHarness(this::handle, RetryMode.TOPIC, Tracing.OFF)) {
            harness.confirmation = new CompletableFuture<>();
            answer("poison").completeExceptionally(new PoisonException("never"));
            answer("failing").completeExceptionally(new IllegalStateException("not now"));

            // When
            poll(harness,
                    List.of(record(0, "busy"), record(1, "failing"), record(2, "poison"), record(3, "busy"), record(4, "busy"),
                            record(5, "failing")));

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                Activity activity = harness.activity();
                assertThat(activity.lanes()).isEqualTo(3);
                assertThat(activity.waiting()).isEqualTo(1);
                assertThat(activity.shown()).extracting(Lane::key, Lane::waiting, Lane::state, Lane::attempt).containsExactly(
                        tuple("failing", 1, Lane.State.RETRYING, 1), tuple("busy", 2, Lane.State.HANDLING, 1),
                        tuple("poison", 0, Lane.State.WRITING, 1));
            });

            // And it goes on
            answer("busy").complete(null);
            await().atMost(PATIENCE).until(() -> harness.activity().lanes() == 2);
        }
    }

    @Test
    void shouldShowTheRecordsThatWaitForTheEndOfAnOutage() {
        // Given
        TrialOutages never = new TrialOutages(2, 0.5, Duration.ofHours(1), Duration.ofHours(1));
        try (PipelineHarness harness = new PipelineHarness(1, 10,
                record -> Uni.createFrom().failure(new IllegalStateException()),
                Infrastructure.getDefaultExecutor(), never)) {
            // When
            poll(harness, List.of(record(0, "a"), record(1, "b"), record(2, "b")));

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                Activity activity = harness.activity();
                assertThat(activity.shown()).isNotEmpty().allMatch(lane -> lane.state() == Lane.State.PAUSED);
                assertThat(activity.waiting()).isZero();
            });
        }
    }

    @Test
    void shouldShowARecordThatWaitsForItsSchema() {
        // Given
        try (PipelineHarness harness = new PipelineHarness(new Undecoded())) {
            // When
            poll(harness, List.of(record(0, "a")));

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(harness.activity().shown()).extracting(Lane::state)
                    .containsExactly(Lane.State.DECODING));
        }
    }

    @Test
    void shouldShowWhatHasBecomeOfEachRecord() {
        // Given
        try (PipelineHarness harness = new PipelineHarness(1, 10, this::handle)) {
            answer("good").complete(null);
            answer("poison").completeExceptionally(new PoisonException("never"));
            answer("failing").completeExceptionally(new IllegalStateException("not now"));

            // When
            poll(harness, List.of(record(0, "good"), record(1, "poison"), record(2, "failing"), record(3, null)));

            // Then
            await().atMost(PATIENCE).until(() -> harness.average.totals().deadLettered() == 3);
            List<RecentRecord> latest = latest(harness);
            String ofNoKey = latest.stream().filter(record -> record.key() == null).findFirst().orElseThrow().reason();
            assertThat(ofNoKey).isNotEmpty();
            assertThat(latest).extracting(RecentRecord::key, RecentRecord::offset, RecentRecord::fate,
                    RecentRecord::attempt, RecentRecord::reason, RecentRecord::amount).containsExactlyInAnyOrder(
                            tuple("good", 0L, Fate.PROCESSED, 1, null, 1L),
                            tuple("poison", 1L, Fate.DEAD_LETTERED, 1, "never", 1L),
                            tuple("failing", 2L, Fate.DEAD_LETTERED, 4, "not now", 1L),
                            tuple(null, 3L, Fate.DEAD_LETTERED, 4, ofNoKey, 1L));
            assertThat(harness.activity().waiting()).isZero();
        }
    }

    @Test
    void shouldNotShowARecordAsWaitingThatWasGivenAway() {
        // Given
        try (PipelineHarness harness = new PipelineHarness(this::handle, RetryMode.TOPIC, Tracing.OFF)) {
            answer("failing").completeExceptionally(new IllegalStateException("not now"));
            poll(harness, List.of(record(0, "failing")));
            await().atMost(PATIENCE).until(() -> harness.activity().waiting() == 1);
            assertThat(latest(harness)).extracting(RecentRecord::fate).containsExactly(Fate.RETRYING);

            // When
            harness.revoke(0);

            // Then
            await().atMost(PATIENCE).until(harness::activity, Activity.NONE::equals);
        }
    }

    @Test
    void shouldNoteNoMoreThanASampleOfWhatNobodyLooksAt() {
        // Given
        try (PipelineHarness harness = new PipelineHarness(1, 100, record -> Uni.createFrom().voidItem())) {
            // When
            harness.poll(IntStream.range(0, MANY).mapToObj(i -> record(i, "key-" + i)).toList()).await().atMost(PATIENCE);

            // Then
            await().atMost(PATIENCE).until(() -> harness.average.totals().processed() == MANY);
            assertThat(latest(harness)).hasSize(8);
        }
    }

    @Test
    void shouldShowNoMoreThanALineOfWhatOthersHaveWritten() {
        List<String> texts = Stream.concat(NastyTexts.all(), Stream.of("<script>alert(1)</script>", "k".repeat(100_000)))
                .toList();
        for (String text : texts) {
            // Given
            try (PipelineHarness harness = new PipelineHarness(1, 10, record -> record.offset() == 0 ? NEVER
                    : Uni.createFrom().failure(new PoisonException(text)))) {
                // When
                poll(harness, List.of(record(0, text), record(1, "other")));

                // Then
                await().pollInterval(Duration.ofMillis(2)).atMost(PATIENCE)
                        .until(() -> harness.average.totals().deadLettered() == 1);
                Activity activity = harness.activity();
                assertThat(Stream.of(activity.shown().get(0).key(), activity.latest().get(0).reason()))
                        .allSatisfy(shown -> assertThat(NastyTexts.isSafe(shown)).isTrue())
                        .allMatch(shown -> shown.length() <= 300);
            }
        }
    }

    /** Its schema is never there. */
    private static final class Undecoded implements PipelineDefinition<byte[]> {

        @Override
        public String name() {
            return "orders";
        }

        @Override
        public Decoder<byte[]> decoder() {
            return new Decoder<>() {
                @Override
                public byte[] tryDecode(byte[] bytes) {
                    return null;
                }

                @Override
                public Uni<Void> load(byte[] bytes) {
                    return NEVER;
                }
            };
        }

        @Override
        public Uni<Void> handle(Delivery<byte[]> record) {
            return NEVER;
        }
    }
}
