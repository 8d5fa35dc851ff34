package io.orderstream.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextBytesTest {

    @ParameterizedTest
    @ValueSource(strings = { "", "order-17", "two\nlines\r\n\tindented", "<b>\u202Egnihton", "Zürich 東京 \uD83D\uDE00" })
    void shouldReturnTextAsItIs(String text) {
        assertThat(TextBytes.text(bytes(text), false)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = { "\0\0\0\5", "a\u001b[31mb", "\u007f", "\u0085" })
    void shouldTakeControlCharactersForBytes(String text) {
        assertThat(TextBytes.text(bytes(text), false)).isEmpty();
    }

    @Test
    void shouldTakeWhatIsNoUtf8ForBytes() {
        assertThat(TextBytes.text(new byte[] { 'a', -1 }, false)).isEmpty();
        assertThat(TextBytes.text(new byte[] { 'a', -1 }, true)).isEmpty();
        assertThat(TextBytes.text(new byte[] { (byte) 0xed, (byte) 0xa0, (byte) 0x80 }, false)).as("a lone surrogate")
                .isEmpty();
    }

    @Test
    void shouldLeaveOutTheIncompleteCharacterAtTheEndOfABeginning() {
        // Given
        byte[] whole = bytes("東京");

        // Then
        for (int length = 3; length < 6; length++) {
            assertThat(TextBytes.text(Arrays.copyOf(whole, length), true)).contains("東");
        }
        assertThat(TextBytes.text(Arrays.copyOf(whole, 5), false)).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
