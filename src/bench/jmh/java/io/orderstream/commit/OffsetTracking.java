package io.orderstream.commit;

import java.util.List;
import java.util.Random;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import io.orderstream.totals.CountKey;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.TotalsMetadata;

/** A record is received, and one is processed. */
public class OffsetTracking {

    private static final long CENTS = 1_999;

    private static OffsetTracker tracker() {
        return new OffsetTracker(new Counting(new RunningTotals(), true, Counting.NAMES_LENGTH), 0, TotalsMetadata.NONE, 1);
    }

    /** Each is processed before the next one is received; a gap is a first record that stays in work. */
    @State(Scope.Benchmark)
    public static class InTurn {

        @Param({ "false", "true" })
        boolean gap;

        private final OffsetTracker tracker = tracker();
        private long offset;

        @Setup
        public void open() {
            if (gap) {
                tracker.received(offset++, 0);
            }
        }
    }

    /** So many are in work, and any of them may be the next that is done. */
    @State(Scope.Benchmark)
    public static class InAnyOrder {

        @Param({ "100", "10000" })
        int records;

        private final OffsetTracker tracker = tracker();
        private TrackedOffset[] inWork;
        private int[] order;
        private long offset;

        @Setup
        public void fill() {
            inWork = new TrackedOffset[records];
            while (offset < records) {
                inWork[(int) offset] = tracker.received(offset++, 0);
            }
            order = new Random(1).ints(1 << 16, 0, records).toArray();
        }
    }

    /** Each is counted under a type, and under one of so many names. */
    @State(Scope.Benchmark)
    public static class Named {

        @Param({ "10", "1000", "100000" })
        int names;

        private final OffsetTracker tracker = tracker();
        private List<List<CountKey>> keys;
        private long offset;

        @Setup
        public void fill() {
            keys = new Random(1).ints(1 << 17, 0, names)
                    .mapToObj(name -> List.of(new CountKey("type", "order"), new CountKey("user", "user-" + name))).toList();
        }
    }

    @Benchmark
    public void inTurn(InTurn of) {
        of.tracker.processed(of.tracker.received(of.offset++, 0), CENTS);
    }

    @Benchmark
    public void inAnyOrder(InAnyOrder of) {
        int next = of.order[(int) of.offset & of.order.length - 1];
        of.tracker.processed(of.inWork[next], CENTS);
        of.inWork[next] = of.tracker.received(of.offset++, 0);
    }

    @Benchmark
    public void countedByName(Named of) {
        TrackedOffset record = of.tracker.received(of.offset, 0);
        record.named(of.keys.get((int) of.offset++ & of.keys.size() - 1));
        of.tracker.processed(record, CENTS);
    }
}
