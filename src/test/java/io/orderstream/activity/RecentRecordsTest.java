package io.orderstream.activity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class RecentRecordsTest {

    private final RecentRecords records = new RecentRecords();
    private int number;

    private RecentRecord record(long offset, Fate fate) {
        return new RecentRecord(Instant.EPOCH.plusSeconds(++number), "", null, 0, offset, 0, fate, 1, 0, null);
    }

    @Test
    void shouldWantNoMoreThanAFewBetweenTwoLooksAndAsManyThatFail() {
        // When
        int processed = 0;
        while (records.isProcessedWanted()) {
            records.add(record(processed++, Fate.PROCESSED));
        }
        int others = 0;
        while (records.isOtherWanted()) {
            records.add(record(100 + others++, Fate.RETRYING));
        }

        // Then
        assertThat(processed).isEqualTo(8);
        assertThat(others).isEqualTo(8);
        assertThat(records.look()).hasSize(16);
        assertThat(records.isProcessedWanted()).isTrue();
        assertThat(records.isOtherWanted()).isTrue();
    }

    @Test
    void shouldShowTheLatestFirstAndKeepNoMoreThanCanBeRead() {
        // When
        IntStream.range(0, 1_000).forEach(offset -> records.add(record(offset, Fate.PROCESSED)));
        records.add(record(5_000, Fate.DEAD_LETTERED));
        IntStream.range(1_000, 2_000).forEach(offset -> records.add(record(offset, Fate.PROCESSED)));

        // Then
        List<RecentRecord> latest = records.look();
        assertThat(latest).hasSize(16).extracting(RecentRecord::offset).startsWith(1_999L, 1_998L).endsWith(5_000L);
    }

    @Test
    void shouldShowARecordOnceWithWhatHasBecomeOfIt() {
        // When
        records.add(record(1, Fate.RETRYING));
        records.add(record(2, Fate.RETRYING));
        records.add(record(1, Fate.PROCESSED));
        records.add(record(3, Fate.RETRYING));
        records.forget(0, 3);

        // Then
        assertThat(records.look()).extracting(RecentRecord::offset).containsExactly(1L, 2L);
        assertThat(records.look()).extracting(RecentRecord::fate).containsExactly(Fate.PROCESSED, Fate.RETRYING);
    }

    @Test
    void shouldShowARecordOfTwoChannelsAsItStandsNow() {
        // Given
        RecentRecord moved = record(1, Fate.RETRYING);
        RecentRecord other = record(2, Fate.PROCESSED);
        RecentRecord done = record(1, Fate.PROCESSED);
        Lane lane = new Lane("a", 0, Lane.State.HANDLING, 1, 0);

        // When
        Activity sum = new Activity(1, 2, List.of(lane), List.of(other, moved))
                .plus(new Activity(0, 3, List.of(), List.of(done)));

        // Then
        assertThat(sum).isEqualTo(new Activity(1, 5, List.of(lane), List.of(done, other)));
    }
}
