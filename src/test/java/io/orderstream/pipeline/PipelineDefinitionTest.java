package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.orderstream.record.Decoder;
import io.orderstream.record.Delivery;
import io.orderstream.record.UndecodableException;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/** What a pipeline makes of a definition that is not like those of ours. */
class PipelineDefinitionTest {

    private static final byte A = 1;
    private static final byte B = 2;
    private static final byte REFUSED = 3;

    private final Scripted definition = new Scripted();
    private PipelineHarness harness;
    private boolean areKeysShared;

    /** Handles a record when the test says so. The first byte of a value is its lane; each record has a key of its own. */
    private static final class Scripted implements PipelineDefinition<byte[]> {

        private final CompletableFuture<Void> schema = new CompletableFuture<>();
        private final Map<Long, CompletableFuture<Void>> handled = new ConcurrentHashMap<>();
        private final List<Long> started = new CopyOnWriteArrayList<>();
        private volatile boolean isSchemaKnown = true;
        private volatile boolean isDecoderFailing;

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public Decoder<byte[]> decoder() {
            return new Decoder<>() {
                @Override
                public byte[] tryDecode(byte[] bytes) {
                    if (isDecoderFailing && bytes[0] == A) {
                        throw new IllegalStateException("the decoder fails");
                    }
                    return isSchemaKnown && bytes[0] != REFUSED ? bytes : null;
                }

                @Override
                public Uni<Void> load(byte[] bytes) {
                    return bytes[0] == REFUSED ? Uni.createFrom().failure(new UndecodableException("refused"))
                            : Uni.createFrom().completionStage(schema);
                }
            };
        }

        @Override
        public Uni<Void> handle(Delivery<byte[]> record) {
            started.add(record.offset());
            return Uni.createFrom()
                    .completionStage(handled.computeIfAbsent(record.offset(), offset -> new CompletableFuture<>()));
        }

        @Override
        public Object lane(byte[] value) {
            return "lane-" + value[0];
        }

        @Override
        public long amount(byte[] value) {
            return 1;
        }

        void finish(long offset) {
            handled.computeIfAbsent(offset, any -> new CompletableFuture<>()).complete(null);
        }
    }

    @AfterEach
    void close() {
        harness.close();
    }

    private byte[] key(int offset) {
        return new byte[] { areKeysShared ? 0 : (byte) offset };
    }

    private void poll(byte... lanes) {
        harness = harness == null ? new PipelineHarness(definition) : harness;
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int offset = 0; offset < lanes.length; offset++) {
            records.add(PipelineHarness.record(0, offset, key(offset), new byte[] { lanes[offset] }));
        }
        harness.poll(records).await().atMost(PATIENCE);
    }

    private void awaitStarted(Long... offsets) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(definition.started).containsExactly(offsets));
    }

    @Test
    void shouldKeepTheOrderOfRecordsWhoseValuesNameTheSameLane() {
        // When
        poll(A, A, B);

        // Then
        awaitStarted(0L, 2L);
        definition.finish(2);
        definition.finish(0);
        awaitStarted(0L, 2L, 1L);
    }

    @Test
    void shouldKeepTheOrderOfALaneThatIsKnownOnlyWhenTheSchemaIs() {
        // Given
        definition.isSchemaKnown = false;
        poll(A, A, B, A);
        assertThat(definition.started).isEmpty();

        // When
        definition.isSchemaKnown = true;
        definition.schema.complete(null);

        // Then
        awaitStarted(0L, 2L);
        definition.finish(0);
        awaitStarted(0L, 2L, 1L);
        definition.finish(1);
        awaitStarted(0L, 2L, 1L, 3L);
        LongStream.of(2, 3).forEach(definition::finish);
        await().atMost(PATIENCE).until(() -> harness.average.totals().equals(new Totals(4, 4, 0, 4)));
        assertThat(harness.pipeline.lanes()).isZero();
    }

    @Test
    void shouldLetARecordThatCannotBeDecodedWaitForTheLaneItsKeyNames() {
        // Given
        definition.isDecoderFailing = true;
        harness = new PipelineHarness(definition);
        byte[] lane = ("lane-" + B).getBytes(StandardCharsets.UTF_8);

        // When
        harness.poll(List.of(PipelineHarness.record(0, 0, new byte[] { 7 }, new byte[] { B }),
                PipelineHarness.record(0, 1, lane, new byte[] { A }),
                PipelineHarness.record(0, 2, new byte[] { 8 }, new byte[] { A }))).await().atMost(PATIENCE);
        await().atMost(PATIENCE).until(() -> harness.average.totals().deadLettered() == 1);

        // Then
        assertThat(harness.deadLettered).containsExactly(2L);
        definition.finish(0);
        await().atMost(PATIENCE).until(() -> harness.average.totals().equals(new Totals(3, 1, 2, 1)));
        assertThat(harness.deadLettered).containsExactly(2L, 1L);
    }

    @Test
    void shouldStartNoRecordTwiceWhenOneBehindAnotherIsRefusedAtOnce() {
        // Given
        definition.isSchemaKnown = false;
        LongStream.range(0, 4).forEach(definition::finish);
        areKeysShared = true;
        poll(A, REFUSED, A);
        areKeysShared = false;
        harness.poll(List.of(PipelineHarness.record(0, 3, new byte[] { 9 }, new byte[] { A }))).await().atMost(PATIENCE);

        // When
        definition.isSchemaKnown = true;
        definition.schema.complete(null);

        // Then
        await().atMost(PATIENCE).until(() -> harness.average.totals().equals(new Totals(4, 3, 1, 3)));
        assertThat(definition.started).containsExactlyInAnyOrder(0L, 2L, 3L);
        assertThat(harness.deadLettered).containsExactly(1L);
        assertThat(harness.pipeline.lanes()).isZero();
    }
}
