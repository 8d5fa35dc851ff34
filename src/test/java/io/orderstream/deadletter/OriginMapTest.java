package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;

import org.junit.jupiter.api.Test;

class OriginMapTest {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant SECOND = Instant.parse("2026-02-01T00:00:00Z");
    private static final Origin UNKNOWN = Origin.record("orders", 3, 17);
    private static final byte[] VALUE = { 1 };
    private static final byte[] OTHER = { 2 };

    private final OriginMap<String> map = new OriginMap<>();

    @Test
    void shouldTellRecordsAtTheSamePositionByTheirTimestampWhateverTheyHold() {
        // When
        map.put(UNKNOWN.at(FIRST), VALUE, "first");
        map.put(UNKNOWN.at(SECOND), VALUE, "second");

        // Then
        assertThat(map.get(UNKNOWN.at(FIRST), OTHER)).isEqualTo("first");
        assertThat(map.get(UNKNOWN.at(SECOND), VALUE)).isEqualTo("second");
        assertThat(map.get(UNKNOWN.at(FIRST.plusMillis(1)), VALUE)).isNull();
        assertThat(map.values()).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void shouldTellThemByTheirValueWhereATimestampIsNotKnown() {
        // When
        map.put(UNKNOWN.at(FIRST), VALUE, "first");
        map.put(UNKNOWN.at(SECOND), OTHER, "second");
        map.put(UNKNOWN, null, "third");

        // Then
        assertThat(map.get(UNKNOWN, VALUE)).isEqualTo("first");
        assertThat(map.get(UNKNOWN, OTHER)).isEqualTo("second");
        assertThat(map.get(UNKNOWN, null)).isEqualTo("third");
        assertThat(map.get(UNKNOWN, new byte[] { 3 })).isNull();
    }

    @Test
    void shouldLearnATimestampThatBecomesKnownLater() {
        // When
        map.put(UNKNOWN, VALUE, "redriven by an earlier version");
        map.put(UNKNOWN.at(FIRST), VALUE, "first");

        // Then
        assertThat(map.values()).containsExactly("first");
        assertThat(map.get(UNKNOWN.at(SECOND), VALUE)).isNull();
    }

    @Test
    void shouldRemoveOneOfSeveral() {
        // Given
        map.put(UNKNOWN.at(FIRST), VALUE, "first");
        map.put(UNKNOWN.at(SECOND), VALUE, "second");

        // When
        map.remove(UNKNOWN.at(FIRST), "first");

        // Then
        assertThat(map.values()).containsExactly("second");
        map.remove(UNKNOWN, "second");
        assertThat(map.values()).isEmpty();
    }

    @Test
    void shouldKnowAnEntryOfTheSpoolByItsIdAlone() {
        // When
        map.put(Origin.spooled("orders", "e7").at(FIRST), VALUE, "spooled");

        // Then
        assertThat(map.get(Origin.spooled("orders", "e7"), OTHER)).isEqualTo("spooled");
        assertThat(map.get(Origin.spooled("orders", "e8"), VALUE)).isNull();
    }
}
