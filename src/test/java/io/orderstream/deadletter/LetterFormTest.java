package io.orderstream.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.support.TextHeaders;

class LetterFormTest {

    private static final KeptLetter KEPT = new KeptLetter("a-host", "/spool/dead-letters/orders-1-7-00.avro", 1_234);

    @Test
    void shouldChangeNothingOfALetterWithShortTexts() {
        // Given
        ProducerRecord<byte[], byte[]> letter = letter("too bad");

        // Then
        assertThat(LetterForm.WHOLE.of(letter)).isEqualTo(letter);
        assertThat(LetterForm.BRIEF.of(letter)).isEqualTo(letter);
    }

    @ParameterizedTest
    @ValueSource(strings = { "x", "\u00e9", "\u20ac", "\ud83d\ude00" })
    void shouldCutTextsOfExceptionsAndNothingElseWhereACharacterEnds(String character) {
        // Given
        ProducerRecord<byte[], byte[]> letter = letter("a" + character.repeat(10_000));
        letter.headers().add("mine", new byte[10_000]);

        // When
        ProducerRecord<byte[], byte[]> whole = LetterForm.WHOLE.of(letter);
        ProducerRecord<byte[], byte[]> brief = LetterForm.BRIEF.of(letter);

        // Then
        for (String name : new String[] { DeadLetterHeaders.REASON, DeadLetterHeaders.CAUSE }) {
            assertThat(text(whole, name)).matches("a(" + character + ")+");
            assertThat(whole.headers().lastHeader(name).value()).hasSizeBetween(4_093, 4_096);
            assertThat(text(brief, name)).matches("a(" + character + ")+");
            assertThat(brief.headers().lastHeader(name).value()).hasSizeBetween(97, 100);
        }
        assertThat(whole.headers().lastHeader("mine").value()).hasSize(10_000);
        assertThat(brief.value()).isSameAs(letter.value());
    }

    @Test
    void shouldKeepOfARecordThatIsElsewhereWhatTellsWhichItIsAndWhere() {
        // Given
        ProducerRecord<byte[], byte[]> letter = letter("too bad");
        letter.headers().add("mine", new byte[10_000]);
        TextHeaders.add(letter.headers(), DeadLetter.REDRIVE_ORIGIN, "orders-1-2");
        TextHeaders.add(letter.headers(), DeadLetter.REDRIVE_ID, "i".repeat(1_001));

        // When
        ProducerRecord<byte[], byte[]> kept = LetterForm.kept(KEPT).of(letter);

        // Then
        assertThat(kept.key()).isSameAs(letter.key());
        assertThat(kept.value()).isNull();
        assertThat(Stream.of(kept.headers().toArray()).map(Header::key)).doesNotHaveDuplicates()
                .doesNotContain("mine", "trace", DeadLetter.REDRIVE_ID);
        DeadLetter read = DeadLetter.of(new ConsumerRecord<>("orders-dlq", 0, 0, 0, null, 0, 0, kept.key(), kept.value(),
                kept.headers(), Optional.empty()));
        assertThat(read.kept()).isEqualTo(KEPT);
        assertThat(read.origin()).isEqualTo(Origin.record("orders", 1, 2));
        assertThat(read.reason()).isEqualTo("too bad");
        assertThat(text(kept, DeadLetterHeaders.SHORTENED)).isEqualTo("true");
        assertThat(LetterForm.kept(KEPT).withoutKey().of(letter).key()).isNull();
    }

    @Test
    void shouldCountTheRecordAndNotItsLetter() {
        // Given
        ProducerRecord<byte[], byte[]> letter = letter("too bad");

        // Then
        assertThat(LetterForm.bytes(letter)).isEqualTo("key".length() + 50 + "trace".length() + "t-7".length());
    }

    @Test
    void shouldReadALetterWhoseHeadersLie() {
        // Given
        Headers headers = DeadLetters.headers(1, 7, Map.of(DeadLetterHeaders.KEPT_FILE, "f".repeat(5_000),
                DeadLetterHeaders.ORIGINAL_BYTES, "many"));

        // Then
        assertThat(DeadLetter.of(DeadLetters.at(0, 0, headers)).kept()).isEqualTo(new KeptLetter("", "f".repeat(1_000), 0));
    }

    private static ProducerRecord<byte[], byte[]> letter(String reason) {
        return DeadLetters.of(1, 7, "key", new byte[50],
                Map.of(DeadLetterHeaders.REASON, reason, DeadLetterHeaders.CAUSE, reason));
    }

    private static String text(ProducerRecord<?, ?> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
