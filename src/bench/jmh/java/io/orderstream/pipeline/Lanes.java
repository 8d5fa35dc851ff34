package io.orderstream.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A record enters the lane of its key, and one leaves its own, while others are in theirs. */
@State(Scope.Benchmark)
public class Lanes {

    private static final byte[][] KEYS = keys(1 << 16);

    private static byte[][] keys(int number) {
        byte[][] keys = new byte[number][];
        for (int i = 0; i < number; i++) {
            keys[i] = ("9a0f0c9e-5d1c-4f4b-8b52-" + i).getBytes(StandardCharsets.UTF_8);
        }
        return keys;
    }

    /** Made for each record, as the pipeline does. */
    private static LaneKey lane(int number) {
        return new LaneKey("orders", 0, ByteBuffer.wrap(KEYS[number % KEYS.length]));
    }

    /** Each record has a key of its own. */
    @State(Scope.Benchmark)
    public static class OfManyKeys {

        @Param({ "1", "100", "10000" })
        int records;

        private final KeyLanes<byte[]> lanes = new KeyLanes<>();
        private LaneKey[] open;
        private int turn;

        @Setup
        public void fill() {
            open = new LaneKey[records];
            for (turn = 0; turn < records; turn++) {
                open[turn] = lane(turn);
                lanes.enter(open[turn], KEYS[turn]);
            }
        }
    }

    /** All records have the same key. */
    @State(Scope.Benchmark)
    public static class OfOneKey {

        @Param({ "1", "100", "10000" })
        int records;

        private final KeyLanes<byte[]> lanes = new KeyLanes<>();

        @Setup
        public void fill() {
            for (int i = 0; i < records; i++) {
                lanes.enter(lane(0), KEYS[i]);
            }
        }
    }

    @Benchmark
    public byte[] manyKeys(OfManyKeys of) {
        int oldest = of.turn % of.records;
        byte[] next = of.lanes.leave(of.open[oldest]);
        of.open[oldest] = lane(of.turn);
        of.lanes.enter(of.open[oldest], KEYS[0]);
        of.turn = (of.turn + 1) % (KEYS.length * of.records);
        return next;
    }

    @Benchmark
    public byte[] oneKey(OfOneKey of) {
        LaneKey key = lane(0);
        of.lanes.enter(key, KEYS[0]);
        return of.lanes.leave(key);
    }
}
