package io.orderstream.totals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.commit.Counting;
import io.orderstream.kafka.OffsetRuns;
import io.orderstream.totals.Tally.Count;

class TotalsMetadataTest {

    /** The largest number the text can hold. */
    private static final long LARGEST = Long.MAX_VALUE;
    private static final long OFFSET = 4_711;
    private static final int MOST_BYTES = 4096;
    private static final String PARTS = "v=1;received=3;processed=2;deadLettered=1;revenueCents=-1998;finished=1.4.z;x\n\u0000\u0663 ";

    @Test
    void shouldKeepTheFormatThatIsAlreadyCommittedSomewhere() {
        // Given
        Totals totals = new Totals(3, 2, 1, 1_998);

        // When
        String text = write(totals);

        // Then
        assertThat(text).isEqualTo("v=1;received=3;processed=2;deadLettered=1;revenueCents=1998");
        assertThat(TotalsMetadata.read(OFFSET, text)).contains(new TotalsMetadata(totals, OffsetRuns.NONE));
    }

    @Test
    void shouldReadAnyTotalsItWrote() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            // Given
            Totals totals = new Totals(number(random), number(random), number(random),
                    random.nextBoolean() ? number(random) : -number(random));

            // When
            String text = write(totals);

            // Then
            assertThat(TotalsMetadata.read(OFFSET, text)).as("seed %d, %s", seed, text)
                    .contains(new TotalsMetadata(totals, OffsetRuns.NONE));
        }
    }

    @Test
    void shouldReadTheNamesItWroteBesideWhatWasFinishedOutOfOrder() {
        // Given
        Tally names = new Tally();
        names.add(List.of(new CountKey("user", "a;finished=1.1"), new CountKey("item", "ramen")), new Count(1, 0, 4));
        TotalsMetadata metadata = new TotalsMetadata(new Totals(1, 1, 0, 4), names,
                new OffsetRuns.Builder().add(OFFSET + 2, OFFSET + 3).build());

        // When
        String text = metadata.write(OFFSET, Counting.NAMES_LENGTH);

        // Then
        assertThat(text).isEqualTo("v=1;received=1;processed=1;deadLettered=0;revenueCents=4"
                + ";names=item:ramen:1.0.4,user:a%3Bfinished%3D1.1:1.0.4;finished=2.1");
        assertThat(TotalsMetadata.read(OFFSET, text)).contains(metadata);
    }

    @ParameterizedTest
    @ValueSource(strings = { ";names=", ";names=user", ";names=user:a:1.2", ";names=user:a:1.2.3,",
            ";finished=1.1;names=user:a:1.2.3",
            ";names=user:a:1.2.3;names=user:b:1.2.3", ";names=user:%:1.2.3" })
    void shouldNotTakeDamagedNamesForOurs(String damage) {
        assertThat(TotalsMetadata.read(OFFSET, write(new Totals(3, 2, 1, 4)) + damage)).isEmpty();
    }

    @Test
    void shouldReadTheLargestTotalsAndStayFarBelowWhatABrokerTakes() {
        // Given
        Totals totals = new Totals(LARGEST, LARGEST, LARGEST, -LARGEST);

        // When
        String text = write(totals);

        // Then
        assertThat(TotalsMetadata.read(OFFSET, text)).contains(new TotalsMetadata(totals, OffsetRuns.NONE));
        assertThat(text.length()).isLessThan(MOST_BYTES / 10);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = { "some other program's text", "{\"version\":1}",
            "v=2;received=3;processed=2;deadLettered=1;revenueCents=1998",
            "received=3;processed=2;deadLettered=1;revenueCents=1998",
            "v=1;received=3;processed=2;deadLettered=1", "v=1;received=3;processed=2;deadLettered=1;revenueCents=",
            "v=1;received=-3;processed=2;deadLettered=1;revenueCents=1998",
            "v=1;received=3;processed=2;deadLettered=1;revenueCents=19.98",
            "v=1;received=3;processed=2;deadLettered=1;revenueCents=1998 ",
            " v=1;received=3;processed=2;deadLettered=1;revenueCents=1998",
            "v=1;received=\u0663;processed=2;deadLettered=1;revenueCents=1998" })
    void shouldReadNothingFromTextThatIsNotOurs(String text) {
        assertThat(TotalsMetadata.read(OFFSET, text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "v=1;received=99999999999999999999;processed=2;deadLettered=1;revenueCents=1998",
            "v=1;received=3;processed=99999999999999999999;deadLettered=1;revenueCents=1998",
            "v=1;received=3;processed=2;deadLettered=99999999999999999999;revenueCents=1998",
            "v=1;received=3;processed=2;deadLettered=1;revenueCents=-99999999999999999999" })
    void shouldReadNothingWhereANumberIsTooLong(String text) {
        assertThat(TotalsMetadata.read(OFFSET, text)).isEmpty();
    }

    @Test
    void shouldListTheOffsetsBeyondTheCommittedOne() {
        // Given
        TotalsMetadata metadata = new TotalsMetadata(new Totals(8, 7, 1, 1_998),
                new OffsetRuns.Builder().add(OFFSET + 1, OFFSET + 5).add(OFFSET + 6, OFFSET + 7).build());

        // When
        String text = metadata.write(OFFSET);

        // Then
        assertThat(text).isEqualTo("v=1;received=8;processed=7;deadLettered=1;revenueCents=1998;finished=1.4.1.1");
        assertThat(TotalsMetadata.read(OFFSET, text)).contains(metadata);
    }

    @ParameterizedTest
    @ValueSource(strings = { ";", ";finished=", ";finished=7,9", ";finished=1.2.3", ";finished=1.0", ";finished=1.2;x=1",
            ";a=1" })
    void shouldReadNothingWhereItCannotKnowWhatIsCovered(String rest) {
        assertThat(TotalsMetadata.read(OFFSET, write(new Totals(3, 2, 1, 1_998)) + rest)).isEmpty();
    }

    @Test
    void shouldNeverThrowWhateverTheTextIs() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            // Given
            String text = random.nextBoolean() ? noise(random) : damaged(random);

            // Then
            assertThatCode(() -> TotalsMetadata.read(OFFSET, text)).as("seed %d, text '%s'", seed, text)
                    .doesNotThrowAnyException();
        }
    }

    private static String write(Totals totals) {
        return new TotalsMetadata(totals, OffsetRuns.NONE).write(OFFSET);
    }

    private static long number(Random random) {
        return random.nextLong() >>> 1 + random.nextInt(62);
    }

    private static String noise(Random random) {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(100), 0, Character.MAX_VALUE + 1).forEach(next -> text.append((char) next));
        return text.toString();
    }

    /** A text of ours, with pieces of it and of others put in, doubled and left out. */
    private static String damaged(Random random) {
        StringBuilder text = new StringBuilder(
                write(new Totals(number(random), number(random), number(random), number(random))));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            int from = random.nextInt(PARTS.length());
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, PARTS, from, PARTS.length());
                case 1 -> text.insert(at, Long.toString(random.nextLong()));
                default -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
            }
        }
        return text.toString();
    }
}
