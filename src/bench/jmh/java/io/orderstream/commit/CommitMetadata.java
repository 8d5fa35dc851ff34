package io.orderstream.commit;

import java.util.List;
import java.util.Optional;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import io.orderstream.commit.OffsetTracker.PartitionCommit;
import io.orderstream.totals.CountKey;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.TotalsMetadata;

/** What is committed with an offset, made of what is known of its partition, and read again: once a second, and at a start. */
@State(Scope.Benchmark)
public class CommitMetadata {

    /** Records in work with a finished one behind each; more than some 900 cannot be listed. */
    @Param({ "0", "100", "5000" })
    int gaps;

    /** Names under which records are counted; 100 can be written. */
    @Param({ "0", "1000" })
    int names;

    private OffsetTracker tracker;
    private PartitionCommit committed;

    @Setup
    public void fill() {
        tracker = new OffsetTracker(new Counting(new RunningTotals(), true, names == 0 ? 0 : Counting.NAMES_LENGTH), 1_000_000,
                TotalsMetadata.NONE, 1);
        long offset = 1_000_000;
        for (int name = 0; name < names; name++) {
            TrackedOffset record = tracker.received(offset++, 0);
            record.named(List.of(new CountKey("user", "user-" + name)));
            tracker.processed(record, name);
        }
        for (int gap = 0; gap < gaps; gap++) {
            tracker.received(offset++, 0);
            tracker.processed(tracker.received(offset++, 0), gap);
        }
        committed = write();
    }

    @Benchmark
    public PartitionCommit write() {
        return tracker.commit(TotalsMetadata.MAX_LENGTH, false);
    }

    @Benchmark
    public Optional<TotalsMetadata> read() {
        return TotalsMetadata.read(committed.offset().offset(), committed.offset().metadata());
    }
}
