package io.orderstream.totals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.totals.Tally.Count;

class TallyTest {

    private static final int LONG = 4_000;

    @Test
    void shouldCountByNameAndWriteTheMostFrequentFirst() {
        // Given
        Tally tally = new Tally();

        // When
        tally.add(List.of(new CountKey("user", "david"), new CountKey("item", "chicken burger")), new Count(1, 0, 5));
        tally.add(List.of(new CountKey("user", "david"), new CountKey("item", "ramen")), new Count(1, 0, 2));
        tally.add(List.of(new CountKey("user", "eva")), new Count(0, 1, 0));

        // Then
        assertThat(tally.of("user")).isEqualTo(Map.of("david", new Count(2, 0, 7), "eva", new Count(0, 1, 0)));
        assertThat(tally.write(LONG)).isEqualTo(
                "user:david:2.0.7,item:chicken+burger:1.0.5,item:ramen:1.0.2,user:eva:0.1.0");
        assertThat(Tally.read(tally.write(LONG))).isEqualTo(tally);
    }

    @Test
    void shouldWriteAnyNameSoThatItCanBeReadInAnAsciiText() {
        // Given
        Tally tally = new Tally();
        List<String> names = List.of("a:b", "a,b", "a;b", "a.b", "a=b", "ü-Ö 漢字 🍕", "%3A", "+", "\n\0", "names");

        // When
        names.forEach(name -> tally.add(List.of(new CountKey("user", name)), new Count(1, 0, 1)));

        // Then
        String text = tally.write(LONG);
        assertThat(Tally.read(text)).isEqualTo(tally);
        assertThat(text).doesNotContain(";").matches("\\p{ASCII}+");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "user", "user:david", "user:david:1.2", "user:david:1.2.x", "user:david:1.2.3.4", "a:b:1.2.3,",
            "user:da:vid:1.2.3", "user:%zz:1.2.3" })
    void shouldNotReadWhatIsNoCount(String text) {
        assertThatThrownBy(() -> Tally.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldKeepTheMostFrequentNamesThatFitAndCountTheOthersTogether() {
        // Given
        Tally tally = new Tally();
        for (int user = 0; user < 300; user++) {
            for (int order = 0; order <= user; order++) {
                tally.add(List.of(new CountKey("user", "user-" + user), new CountKey("item", "item-" + user % 4)),
                        new Count(1, 0, 3));
            }
        }
        long orders = IntStream.range(0, 300).map(user -> user + 1).sum();

        for (int length : List.of(300, 1_000, 2_800)) {
            // When
            String text = tally.write(length);
            Tally fitting = Tally.read(text);

            // Then
            assertThat(text).hasSizeLessThanOrEqualTo(length);
            assertThat(sum(fitting, "user")).isEqualTo(new Count(orders, 0, 3 * orders));
            assertThat(sum(fitting, "item")).isEqualTo(new Count(orders, 0, 3 * orders));
            assertThat(fitting.of("user")).containsEntry("user-299", new Count(300, 0, 900)).containsKey("").doesNotContainKey(
                    "user-0");
            assertThat(fitting.of("item")).containsOnlyKeys("item-0", "item-1", "item-2", "item-3");
        }
        assertThat(Tally.read(tally.write(0)).of("user")).containsOnlyKeys("");
        assertThat(sum(Tally.read(tally.write(0)), "item")).isEqualTo(new Count(orders, 0, 3 * orders));
    }

    @Test
    void shouldBeBoundedInMemoryWithoutLosingARecord() {
        // Given
        Tally tally = new Tally();
        List<CountKey> regular = List.of(new CountKey("user", "regular"));

        // When
        IntStream.range(0, 10 * Tally.MOST_NAMES).forEach(visitor -> {
            tally.add(List.of(new CountKey("user", "visitor-" + visitor)), new Count(1, 0, 1));
            tally.add(regular, new Count(1, 0, 1));
        });

        // Then
        assertThat(tally.of("user")).hasSizeLessThanOrEqualTo(2 * Tally.MOST_NAMES)
                .containsEntry("regular", new Count(10L * Tally.MOST_NAMES, 0, 10L * Tally.MOST_NAMES));
        assertThat(sum(tally, "user").processed()).isEqualTo(20L * Tally.MOST_NAMES);
    }

    @Test
    void shouldAddUpToTheSameWhicheverWayItIsSplitAndWritten() {
        // Given
        Random random = new Random(42);
        Map<String, Count> expected = new HashMap<>();
        Tally sum = null;

        for (int part = 0; part < 50; part++) {
            Tally one = new Tally();
            for (int record = 0; record < random.nextInt(40); record++) {
                String user = "u" + random.nextInt(25);
                boolean isProcessed = random.nextInt(4) > 0;
                int amount = random.nextInt(9);
                Count count = isProcessed ? new Count(1, 0, amount) : new Count(0, 1, 0);
                expected.merge(user, count, Count::plus);
                if (isProcessed) {
                    one.add(List.of(new CountKey("user", user)), new Count(1, 0, amount));
                } else {
                    one.add(List.of(new CountKey("user", user)), new Count(0, 1, 0));
                }
            }
            // When
            sum = Tally.sum(sum, one.isEmpty() ? null : Tally.read(one.write(LONG)));
        }

        // Then
        assertThat(sum.of("user")).isEqualTo(expected);
    }

    private static Count sum(Tally tally, String dimension) {
        return tally.of(dimension).values().stream().reduce(new Count(0, 0, 0), Count::plus);
    }
}
