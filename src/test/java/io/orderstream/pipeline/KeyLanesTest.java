package io.orderstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

import org.junit.jupiter.api.Test;

class KeyLanesTest {

    private static final int DISTINCT_KEYS = 1_000_000;
    private static final int IN_WORK = 1_000;
    private static final int SEEDS = 100;

    private final KeyLanes<Integer> lanes = new KeyLanes<>();

    @Test
    void shouldLetRecordsOfOneKeyWaitForEachOtherInTheirOrder() {
        // Given
        assertThat(lanes.enter(key("a"), 1)).isTrue();

        // When
        assertThat(lanes.enter(key("a"), 2)).isFalse();
        assertThat(lanes.enter(key("a"), 3)).isFalse();
        assertThat(lanes.leave(key("a"))).isEqualTo(2);
        assertThat(lanes.enter(key("a"), 4)).isFalse();

        // Then
        assertThat(lanes.leave(key("a"))).isEqualTo(3);
        assertThat(lanes.leave(key("a"))).isEqualTo(4);
        assertThat(lanes.isEmpty()).isFalse();
        assertThat(lanes.leave(key("a"))).isNull();
        assertThat(lanes.isEmpty()).isTrue();
        assertThat(lanes.enter(key("a"), 5)).isTrue();
    }

    @Test
    void shouldNotLetARecordWaitForThoseOfOtherKeys() {
        // Given
        lanes.enter(key("a"), 1);
        lanes.enter(key("a"), 2);

        // Then
        assertThat(lanes.enter(key("b"), 3)).isTrue();
        assertThat(lanes.enter(key(""), 4)).isTrue();
        assertThat(lanes.enter(key("A"), 5)).isTrue();
        assertThat(lanes.size()).isEqualTo(4);
        assertThat(lanes.leave(key("b"))).isNull();
        assertThat(lanes.leave(key("a"))).isEqualTo(2);
    }

    @Test
    void shouldNotLetKeysOfOtherPartitionsOrTopicsMeet() {
        // Given
        byte[] bytes = { 1, 2, 3 };
        lanes.enter(new LaneKey("orders", 0, ByteBuffer.wrap(bytes)), 1);

        // Then
        assertThat(lanes.enter(new LaneKey("orders", 1, ByteBuffer.wrap(bytes)), 2)).isTrue();
        assertThat(lanes.enter(new LaneKey("events", 0, ByteBuffer.wrap(bytes)), 3)).isTrue();
        assertThat(lanes.enter(new LaneKey("orders", 0, ByteBuffer.wrap(bytes)), 4)).isFalse();
    }

    @Test
    void shouldNotTakeKeysWithTheSameHashForEqual() {
        // Given
        byte[] one = { 0, 1 };
        byte[] other = { 31, 0 };
        assertThat(new LaneKey("orders", 0, ByteBuffer.wrap(one)))
                .hasSameHashCodeAs(new LaneKey("orders", 0, ByteBuffer.wrap(other)));

        // When
        lanes.enter(new LaneKey("orders", 0, ByteBuffer.wrap(one)), 1);

        // Then
        assertThat(lanes.enter(new LaneKey("orders", 0, ByteBuffer.wrap(other)), 2)).isTrue();
    }

    @Test
    void shouldKnowALaneByTheBytesOfItsKey() {
        // Given
        byte[] received = "order-1".getBytes(StandardCharsets.UTF_8);

        // When
        lanes.enter(new LaneKey("orders", 3, ByteBuffer.wrap(received)), 1);

        // Then
        assertThat(lanes.enter(new LaneKey("orders", 3, ByteBuffer.wrap(received.clone())), 2)).isFalse();
        assertThat(lanes.leave(new LaneKey(new String("orders"), 3, ByteBuffer.wrap(received.clone())))).isEqualTo(2);
    }

    @Test
    void shouldLeaveNothingBehindOfAMillionKeys() {
        // When
        for (int i = 0; i < DISTINCT_KEYS + IN_WORK; i++) {
            if (i < DISTINCT_KEYS) {
                assertTrue(lanes.enter(key(i), i), i);
                // Some have a second record, which makes a lane with a queue.
                assertTrue(i % 10 != 0 || !lanes.enter(key(i), i), i);
            }
            int oldest = i - IN_WORK;
            if (oldest >= 0) {
                assertTrue(oldest % 10 != 0 || lanes.leave(key(oldest)) == oldest, oldest);
                assertTrue(lanes.leave(key(oldest)) == null, oldest);
            }
            assertTrue(lanes.size() <= IN_WORK + 1, i);
        }

        // Then
        assertThat(lanes.size()).isZero();
        assertThat(lanes.isEmpty()).isTrue();
    }

    @Test
    void shouldHandEachKeysRecordsOutInOrderHoweverTheyFinish() {
        for (long seed = 0; seed < SEEDS; seed++) {
            // Given
            Random random = new Random(seed);
            KeyLanes<Integer> tried = new KeyLanes<>();
            Map<Integer, Queue<Integer>> expected = new HashMap<>();
            List<Integer> inWork = new ArrayList<>();

            // When
            for (int record = 0; record < 2_000; record++) {
                int id = random.nextInt(20);
                Queue<Integer> order = expected.computeIfAbsent(id, none -> new ArrayDeque<>());
                assertThat(tried.enter(key(id), record)).as("seed %d, record %d", seed, record).isEqualTo(order.isEmpty());
                if (order.isEmpty()) {
                    inWork.add(id);
                }
                order.add(record);
                while (!inWork.isEmpty() && random.nextInt(20) < 11) {
                    int finished = inWork.remove(random.nextInt(inWork.size()));
                    expected.get(finished).remove();
                    Integer next = tried.leave(key(finished));

                    // Then
                    assertThat(next).as("seed %d, record %d", seed, record).isEqualTo(expected.get(finished).peek());
                    if (next != null) {
                        inWork.add(finished);
                    }
                }
            }
        }
    }

    /** AssertJ would take longer than the million keys do. */
    private static void assertTrue(boolean condition, int key) {
        if (!condition) {
            throw new AssertionError("key " + key);
        }
    }

    private static LaneKey key(String text) {
        return new LaneKey("orders", 0, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static LaneKey key(int number) {
        return key(Integer.toString(number));
    }
}
