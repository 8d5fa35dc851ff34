package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.UnaryOperator;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import io.orderstream.deadletter.KeptHeaders.Header;

class KeptHeadersTest {

    private final Headers headers = new RecordHeaders();

    @Test
    void shouldShowTextAsItIsAndBytesInHexadecimal() {
        // Given
        headers.add("correlation-id", bytes("<b>\u202Erequest-1</b>")).add("tries", new byte[] { 0, 0, 0, 5 })
                .add("picture", new byte[] { -1, -40 }).add("none", null).add("empty", new byte[0])
                .add("tries", bytes("again"));

        // Then
        assertThat(kept().list()).containsExactly(new Header("correlation-id", "<b>\u202Erequest-1</b>"),
                new Header("tries", "0x00000005"), new Header("picture", "0xffd8"), new Header("none", null),
                new Header("empty", ""), new Header("tries", "again"));
        assertThat(kept().more()).isZero();
    }

    @Test
    void shouldShortenWhatIsLong() {
        // Given
        headers.add("n".repeat(1_000), bytes("v".repeat(1_000))).add("binary", new byte[600])
                .add("wide", bytes("京".repeat(300)));

        // Then
        assertThat(kept().list()).containsExactly(
                new Header("n".repeat(200) + "...", "v".repeat(512) + "...(1000 bytes)"),
                new Header("binary", "0x" + "00".repeat(512) + "...(600 bytes)"),
                new Header("wide", "京".repeat(170) + "...(900 bytes)"));
    }

    @Test
    void shouldKeepSomeDozensAndSomeKilobytesAndCountTheOthers() {
        // Given
        for (int i = 0; i < 100; i++) {
            headers.add("header-" + i, bytes("value"));
        }

        // Then
        assertThat(kept().list()).hasSize(64);
        assertThat(kept().more()).isEqualTo(36);

        // When
        Headers large = new RecordHeaders();
        for (int i = 0; i < 30; i++) {
            large.add("header", new byte[10_000]);
        }
        large.add("small", bytes("fits in the rest"));
        KeptHeaders some = KeptHeaders.of(large, UnaryOperator.identity());

        // Then
        assertThat(some.list()).hasSize(8).last().isEqualTo(new Header("small", "fits in the rest"));
        assertThat(some.more()).isEqualTo(23);
    }

    @Test
    void shouldShareTheNamesOfLettersWithTheSameHeaders() {
        // Given
        DeadLetterIndex index = new DeadLetterIndex(10, Clock.systemUTC());

        // When
        KeptHeaders first = index.add(LetterBuilder.of(1, 1).with("tenant", "a").record()).headers();
        KeptHeaders second = index.add(LetterBuilder.of(2, 2).with("tenant", "b").record()).headers();

        // Then
        assertThat(first).extracting("names").isSameAs(namesOf(second));
        assertThat(second.list()).contains(new Header("tenant", "b"), new Header(DeadLetterHeaders.KIND, "poison"));
    }

    private static Object namesOf(KeptHeaders kept) {
        return assertThat(kept).extracting("names").actual();
    }

    @Test
    void shouldShowTheHeadersOfTheLatestLetter() {
        // Given
        DeadLetterIndex index = new DeadLetterIndex(10, Clock.systemUTC());
        index.add(LetterBuilder.of(9, 40).redriven(2, "orders-3-17").with("try", "second").record());

        // When
        index.add(LetterBuilder.of(1, 17).with("try", "first").record());

        // Then
        assertThat(index.newestFirst()).singleElement().satisfies(entry -> assertThat(entry.headers().list())
                .contains(new Header("try", "second"), new Header(DeadLetter.REDRIVE_COUNT, "2")));
    }

    private KeptHeaders kept() {
        return KeptHeaders.of(headers, UnaryOperator.identity());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
