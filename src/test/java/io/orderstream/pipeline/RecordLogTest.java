package io.orderstream.pipeline;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.orderstream.record.Delivery;
import io.orderstream.record.PoisonException;
import io.orderstream.support.LogText;
import io.orderstream.testsupport.LogLines;
import io.orderstream.testsupport.NastyTexts;
import io.orderstream.totals.Totals;
import io.smallrye.mutiny.Uni;

/** What is logged of a record stays one line, and its pairs are those of the pipeline, whatever a definition says of it. */
class RecordLogTest {

    private static final Logger LOG = Logger.getLogger("io.orderstream.pipeline");
    private static final Uni<Void> DONE = Uni.createFrom().voidItem();

    /** Says what the record says, with and without quotes. */
    private record Saying(boolean quotes) implements OfBytes {

        @Override
        public Uni<Void> handle(Delivery<byte[]> record) {
            return record.offset() == 0 ? Uni.createFrom().voidItem()
                    : Uni.createFrom().failure(new PoisonException(text(record.value())));
        }

        @Override
        public String label(byte[] value) {
            return "id=" + (quotes ? LogText.value(text(value)) : text(value));
        }

        @Override
        public String summary(Totals totals) {
            return "count=1\nforged";
        }

        private static String text(byte[] value) {
            return new String(value, StandardCharsets.UTF_8);
        }
    }

    /** The console of dev mode makes shorter lines of them, as a filter of the logger. */
    @Test
    void shouldHandTheRecordToWhoeverReadsALineAboutItsFate() {
        Map<String, Object[]> lines = new ConcurrentHashMap<>();
        try (PipelineHarness harness = new PipelineHarness(1, 10, record -> record.attempt() == 2 ? DONE
                : Uni.createFrom().failure(record.offset() == 0 ? new IllegalStateException("not now")
                        : new PoisonException("never")));
                LogLines debug = new LogLines("io.orderstream.pipeline", true)) {
            // When
            LOG.setFilter(line -> lines.put(line.getMessage().replaceFirst(":.*", ""), line.getParameters()) == null);
            harness.poll(List.of(new ConsumerRecord<>(PipelineHarness.TOPIC, 0, 0, null, new byte[1]),
                    new ConsumerRecord<>(PipelineHarness.TOPIC, 0, 1, null, new byte[1]))).await().atMost(PATIENCE);
            await().atMost(PATIENCE).until(() -> debug.lines().size() == 3);
        } finally {
            LOG.setFilter(null);
        }

        // Then
        assertThat(lines).containsOnlyKeys("retry", "processed", "dead letter").allSatisfy(
                (line, parameters) -> assertThat(parameters[parameters.length - 1]).as(line).isInstanceOf(Delivery.class));
        assertThat(lines.get("retry")).contains("not now", Index.atIndex(3));
        assertThat(lines.get("dead letter")).contains("never", Index.atIndex(6));
    }

    @ParameterizedTest
    @MethodSource("io.orderstream.testsupport.NastyTexts#all")
    void shouldTellOfARecordInOneBoundedLineWhoseTextsForgeNoPair(String text) {
        for (boolean quotes : new boolean[] { true, false }) {
            try (PipelineHarness harness = new PipelineHarness(new Saying(quotes));
                    LogLines log = new LogLines("io.orderstream.pipeline", true)) {
                // When
                byte[] value = text.getBytes(StandardCharsets.UTF_8);
                harness.poll(List.of(
                        new ConsumerRecord<>(PipelineHarness.TOPIC, 0, 0, null, value),
                        new ConsumerRecord<>(PipelineHarness.TOPIC, 0, 1, null, value))).await().atMost(PATIENCE);
                await().atMost(PATIENCE).until(() -> log.lines().stream().anyMatch(line -> line.startsWith("dead letter: "))
                        && log.lines().stream().anyMatch(line -> line.startsWith("processed: ")));

                // Then
                assertThat(log.lines()).allSatisfy(line -> {
                    assertThat(line).hasSizeLessThan(2_500);
                    assertThat(NastyTexts.isSafe(line)).as(LogText.line(line)).isTrue();
                });
                if (quotes) {
                    assertThat(log.lines()).filteredOn(line -> line.startsWith("dead letter: ")).allMatch(line -> line.matches(
                            "dead letter: kind=poison id=([^ \"=]+|\"([^\"\\\\]|\\\\.)*\") topic=orders partition=0 offset=1 "
                                    + "attempts=1 reason=\"([^\"\\\\]|\\\\.)*\""));
                }
            }
        }
    }
}
