package io.orderstream.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

import io.orderstream.commit.OffsetTracker.PartitionCommit;
import io.orderstream.totals.CountKey;
import io.orderstream.totals.RunningTotals;
import io.orderstream.totals.Tally.Count;
import io.orderstream.totals.TotalsMetadata;

/** Records that are counted by name as well. */
class NamedOffsetsTest {

    private static final int BROKER_TAKES = 4096;
    private static final int GENERATION = 4;

    private OffsetTracker progress = progress(0, TotalsMetadata.NONE);

    private static OffsetTracker progress(long offset, TotalsMetadata before) {
        return new OffsetTracker(new Counting(new RunningTotals(), true, Counting.NAMES_LENGTH), offset, before,
                GENERATION);
    }

    @Test
    void shouldCommitTheNamesOfExactlyTheRecordsItCovers() {
        // Given: the first of three is in work
        TrackedOffset first = progress.received(0, 0);
        finish(progress.received(1, 0), "eva", 3);
        finish(progress.received(2, 0), "david", 5);

        // When
        PartitionCommit listing = progress.commit(TotalsMetadata.MAX_LENGTH, false);
        PartitionCommit bare = progress.commit(0, false);
        finish(first, "david", 2);
        PartitionCommit all = progress.commit(TotalsMetadata.MAX_LENGTH, false);

        // Then
        assertThat(listing.offset().metadata()).isEqualTo("v=1;received=2;processed=2;deadLettered=0;revenueCents=8"
                + ";names=user:david:1.0.5,user:eva:1.0.3;finished=1.2");
        assertThat(bare.offset().metadata()).isEqualTo("v=1;received=0;processed=0;deadLettered=0;revenueCents=0");
        assertThat(all.offset()).isEqualTo(new OffsetAndMetadata(3, "v=1;received=3;processed=3;deadLettered=0;revenueCents=10"
                + ";names=user:david:2.0.7,user:eva:1.0.3"));
        assertThat(progress.tally().of("user")).containsEntry("david", new Count(2, 0, 7)).containsEntry("eva",
                new Count(1, 0, 3));
    }

    @Test
    void shouldFitIntoACommitWhateverIsRestoredAndHoweverManyNamesThereAre() {
        // Given: as much as a text lists was finished out of order before a restart, when there was one short name
        PartitionCommit listed = progress.commit(TotalsMetadata.MAX_LENGTH, false);
        long offset = 0;
        for (PartitionCommit next = listed; next.isListed(); next = progress.commit(TotalsMetadata.MAX_LENGTH, false)) {
            listed = next;
            progress.received(offset++, 0);
            finish(progress.received(offset++, 0), "eva", 1);
        }
        TotalsMetadata before = TotalsMetadata.read(listed.offset().offset(), listed.offset().metadata()).orElseThrow();

        // When: the oldest record still does not end, and all others have long names
        progress = progress(listed.offset().offset(), before);
        progress.received(0, 0);
        long processed = before.totals().processed();
        for (long next = 1; next < offset + 2_000; next++) {
            TrackedOffset record = progress.received(next, 0);
            if (record != null) {
                finish(record, "somebody with a very long name, number " + next, 1);
                processed++;
            }
        }
        OffsetAndMetadata commit = progress.commit(TotalsMetadata.MAX_LENGTH, false).offset();

        // Then
        assertThat(before.finished().contains(1)).isTrue();
        assertThat(listed.offset().metadata().length()).isBetween(1_000, BROKER_TAKES - Counting.NAMES_LENGTH);
        assertThat(commit.metadata()).hasSizeBetween(Counting.NAMES_LENGTH * 9 / 10, BROKER_TAKES);
        TotalsMetadata text = TotalsMetadata.read(0, commit.metadata()).orElseThrow();
        assertThat(text.finished().contains(1)).as("what was listed stays listed").isTrue();
        assertThat(text.names().of("user").values().stream().mapToLong(Count::processed).sum())
                .isEqualTo(text.totals().processed());
        assertThat(progress.tally().of("user").values().stream().mapToLong(Count::processed).sum()).isEqualTo(processed);
    }

    private void finish(TrackedOffset record, String user, long quantity) {
        record.named(List.of(new CountKey("user", user)));
        progress.processed(record, quantity);
    }
}
