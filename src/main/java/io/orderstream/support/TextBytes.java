package io.orderstream.support;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells whether bytes are text. */
public final class TextBytes {

    private TextBytes() {
    }

    /**
     * Returns the text that bytes are: UTF-8 without control characters except tabs and line breaks.
     *
     * @param isCut whether they are only a beginning, whose last character may be incomplete and is then left out
     * @return empty if they are no text
     */
    public static Optional<String> text(byte[] bytes, boolean isCut) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        if (decoder.decode(ByteBuffer.wrap(bytes), text, !isCut).isError()) {
            return Optional.empty();
        }
        return Optional.of(text.flip().toString()).filter(found -> found.chars().noneMatch(TextBytes::isControl));
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
    }
}
