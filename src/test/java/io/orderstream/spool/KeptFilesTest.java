package io.orderstream.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.deadletter.DeadLetterHeaders;
import io.orderstream.deadletter.DeadLetters;
import io.orderstream.deadletter.KeptLetter;
import io.orderstream.deadletter.LetterForm;

class KeptFilesTest {

    private static final Duration RETENTION = Duration.ofDays(7);
    private static final int MOST_BYTES = 25_000;

    @TempDir
    private Path directory;

    private KeptFiles files;

    @BeforeEach
    void open() {
        files = new KeptFiles(directory, MOST_BYTES, RETENTION, SpoolFixture.CLOCK);
    }

    @Test
    void shouldGiveBackAfterARestartWhatWasKept() throws IOException {
        // Given
        ProducerRecord<byte[], byte[]> letter = letter(7, 10_000);

        // When
        KeptLetter kept = files.keep(letter);
        open();

        // Then
        assertThat(kept.bytes()).isEqualTo(LetterForm.bytes(letter));
        assertThat(Path.of(kept.file())).isAbsolute().isNotEmptyFile().hasParent(directory.resolve("dead-letters"));
        assertThat(files.whole(shortened(letter, kept))).hasValueSatisfying(whole -> {
            assertThat(whole.key()).isEqualTo(letter.key());
            assertThat(whole.value()).isEqualTo(letter.value());
            assertThat(whole.headers()).isEqualTo(letter.headers());
            assertThat(whole.offset()).isEqualTo(3);
        });
    }

    @Test
    void shouldKeepTheLetterOfOneRecordOnce() throws IOException {
        // When
        KeptLetter first = files.keep(letter(7, 10_000));
        KeptLetter again = files.keep(letter(7, 10_000));
        KeptLetter other = files.keep(letter(7, 9_000));

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(other.file()).isNotEqualTo(first.file());
        assertThat(SpoolFixture.files(directory.resolve("dead-letters"))).hasSize(2);
    }

    @Test
    void shouldWriteAnewWhatAKilledProcessHasBegun() throws IOException {
        // Given
        KeptLetter kept = files.keep(letter(7, 10_000));
        Durable.truncate(Path.of(kept.file()), Files.size(Path.of(kept.file())) - 1);
        assertThat(files.whole(shortened(letter(7, 10_000), kept))).isEmpty();

        // When
        files.keep(letter(7, 10_000));

        // Then
        assertThat(files.whole(shortened(letter(7, 10_000), kept))).isPresent();
    }

    @Test
    void shouldRefuseWhatFindsNoRoomUntilThereIsSome() throws IOException {
        // Given
        KeptLetter first = files.keep(letter(1, 10_000));
        files.keep(letter(2, 10_000));

        // Then
        assertThatThrownBy(() -> files.keep(letter(3, 10_000))).isInstanceOf(IOException.class)
                .hasMessageContaining("SPOOL_MAX_BYTES=" + MOST_BYTES);

        // When
        Files.setLastModifiedTime(Path.of(first.file()),
                FileTime.from(SpoolFixture.NOW.minus(RETENTION).minusSeconds(1)));
        files.keep(letter(3, 10_000));

        // Then
        assertThat(Path.of(first.file())).doesNotExist();
        assertThat(files.whole(shortened(letter(1, 10_000), first))).isEmpty();
    }

    @Test
    void shouldReturnAWholeLetterAsItIs() {
        // Given
        ConsumerRecord<byte[], byte[]> whole = DeadLetters.at(0, 1, DeadLetters.headers(0, 1, Map.of()));

        // Then
        assertThat(files.whole(whole)).containsSame(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/etc/passwd", "../secret.avro", "..", "", "no-such-file.avro", "a b.avro" })
    void shouldReadNothingBesideWhatItHasKept(String file) throws IOException {
        // Given
        files.keep(letter(7, 10));
        Files.writeString(directory.resolve("secret.avro"), "secret");

        // Then
        assertThat(files.whole(shortened(letter(7, 10), new KeptLetter("", file, 1)))).isEmpty();
    }

    @Test
    void shouldNotReturnTheLetterOfAnotherRecord() throws IOException {
        // Given
        KeptLetter kept = files.keep(letter(7, 10));

        // Then
        assertThat(files.whole(shortened(letter(8, 10), kept))).isEmpty();
    }

    private static ProducerRecord<byte[], byte[]> letter(long offset, int bytes) {
        return DeadLetters.of(1, offset, "key", new byte[bytes], Map.of(DeadLetterHeaders.GROUP, "group"));
    }

    private static ConsumerRecord<byte[], byte[]> shortened(ProducerRecord<byte[], byte[]> letter, KeptLetter kept) {
        ProducerRecord<byte[], byte[]> written = LetterForm.kept(kept).of(letter);
        Headers headers = written.headers();
        return new ConsumerRecord<>(written.topic(), 0, 3, 0, TimestampType.CREATE_TIME, 0, 0, written.key(), written.value(),
                headers, Optional.empty());
    }
}
