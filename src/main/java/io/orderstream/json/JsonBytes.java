package io.orderstream.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a JSON text has to be before its grammar matters: UTF-8 (RFC 8259, section 8.1), and without escapes of a surrogate that
 * is not part of a pair (RFC 7493, section 2.1). Jackson detects UTF-16 and UTF-32 and reads them, and lets such surrogates
 * through; a name that has one would be another name once it has been written to Kafka and read back. Exponents are bounded.
 */
final class JsonBytes {

    /** The same as Jackson's limit for the digits of a number. */
    static final int LARGEST_EXPONENT = 1_000;

    private static final byte[] UTF8_MARK = { (byte) 0xef, (byte) 0xbb, (byte) 0xbf };

    private static final int BYTES_OF_ID = 4;
    private static final int UTF16_UNIT = 2;
    private static final int UTF32_UNIT = 4;
    /** Bytes that are looked at to tell UTF-16 and UTF-32 from something else that begins with a zero. */
    private static final int SAMPLE = 64;

    private static final int CASE = 0x20;
    private static final int DECIMAL = 10;
    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;
    /** Characters of an escape such as {@code \}{@code u00e4}. */
    private static final int ESCAPE_LENGTH = 2 + HEX_DIGITS;

    private JsonBytes() {
    }

    /**
     * Checks the bytes of a JSON text.
     *
     * @throws NotJsonException saying what they are instead, as far as that can be told
     */
    static void check(byte[] bytes) {
        boolean isAscii = true;
        boolean isText = false;
        for (int at = begin(bytes); at < bytes.length; at++) {
            byte next = bytes[at];
            if (next == '"') {
                isText = !isText;
            } else if (next == '\\') {
                at += restOfEscape(bytes, at);
            } else if ((next | CASE) == 'e' && !isText) {
                checkExponent(bytes, at);
            } else if (next <= 0) {
                if (next == 0 || isMarkOfOtherEncoding(bytes)) {
                    throw new NotJsonException(whatElse(bytes, at));
                }
                isAscii = false;
            }
        }
        if (!isAscii) {
            checkUtf8(bytes);
        }
    }

    private static int begin(byte[] bytes) {
        int begin = hasMark(bytes, 0) ? UTF8_MARK.length : 0;
        if (begin == bytes.length) {
            throw new NotJsonException("there is nothing");
        }
        if (hasMark(bytes, begin)) {
            throw new NotJsonException("there is a byte order mark at byte " + begin);
        }
        return begin;
    }

    private static boolean hasMark(byte[] bytes, int at) {
        return Arrays.equals(bytes, at, Math.min(bytes.length, at + UTF8_MARK.length), UTF8_MARK, 0, UTF8_MARK.length);
    }

    /** Removes the byte order mark, which RFC 8259 lets a reader ignore and a writer not add. */
    static byte[] withoutMark(byte[] bytes) {
        return hasMark(bytes, 0) ? Arrays.copyOfRange(bytes, UTF8_MARK.length, bytes.length) : bytes;
    }

    /** Jackson bounds the digits of a number but not its exponent: 1E+999999999 takes a gigabyte when it is written out. */
    private static void checkExponent(byte[] bytes, int at) {
        int exponent = 0;
        for (int digit = at + 1; digit < bytes.length && isOfExponent(bytes[digit]); digit++) {
            exponent = exponent * DECIMAL + Math.max(0, Character.digit(bytes[digit], DECIMAL));
            if (exponent > LARGEST_EXPONENT) {
                throw new NotJsonException("a number with an exponent beyond " + LARGEST_EXPONENT + " at byte " + at);
            }
        }
    }

    private static boolean isOfExponent(byte next) {
        return next >= '0' && next <= '9' || next == '+' || next == '-';
    }

    /** @return how many bytes of the escape that begins here follow, those of the second half of a pair included */
    private static int restOfEscape(byte[] bytes, int at) {
        int unit = escaped(bytes, at);
        if (unit < 0 || !Character.isSurrogate((char) unit)) {
            return 1;
        }
        int next = escaped(bytes, at + ESCAPE_LENGTH);
        if (next >= 0 && Character.isSurrogatePair((char) unit, (char) next)) {
            return 2 * ESCAPE_LENGTH - 1;
        }
        throw new NotJsonException("the escape of a lone surrogate, which is no text in UTF-8, at byte " + at);
    }

    /** The UTF-16 code unit that is escaped here, -1 if none is. */
    private static int escaped(byte[] bytes, int at) {
        if (at + ESCAPE_LENGTH > bytes.length || bytes[at] != '\\' || bytes[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int digit = at + 2; digit < at + ESCAPE_LENGTH; digit++) {
            int value = bytes[digit] < 0 ? -1 : Character.digit(bytes[digit], HEX);
            if (value < 0) {
                return -1;
            }
            unit = unit * HEX + value;
        }
        return unit;
    }

    private static void checkUtf8(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(bytes.length), true);
        if (result.isError()) {
            throw new NotJsonException("invalid UTF-8 at byte " + in.position());
        }
    }

    private static boolean isMarkOfOtherEncoding(byte[] bytes) {
        return bytes.length >= UTF16_UNIT && (bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff
                || bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe);
    }

    /** Describes bytes that have a zero at this place, or begin with the mark of another encoding. */
    private static String whatElse(byte[] bytes, int at) {
        if (isMarkOfOtherEncoding(bytes)) {
            boolean isWide = bytes.length >= UTF32_UNIT && bytes[0] == (byte) 0xff && bytes[2] == 0 && bytes[3] == 0;
            return encodedIn(isWide ? "UTF-32" : "UTF-16");
        }
        if (isEncodedIn(UTF32_UNIT, bytes) || bytes.length >= UTF32_UNIT && ByteBuffer.wrap(bytes).getInt() == 0xfeff) {
            return encodedIn("UTF-32");
        }
        if (isEncodedIn(UTF16_UNIT, bytes)) {
            return encodedIn("UTF-16");
        }
        if (at == 0 && bytes.length > BYTES_OF_ID && ByteBuffer.wrap(bytes).getInt(1) >= 0) {
            return "it looks like Confluent's wire format (magic byte 0, schema id " + ByteBuffer.wrap(bytes).getInt(1) + ")";
        }
        return "the character 0 at byte " + at;
    }

    private static String encodedIn(String encoding) {
        return "it looks like " + encoding + ", but JSON is UTF-8";
    }

    /** Whether ASCII characters have been written with this number of bytes each, which JSON begins with in any language. */
    private static boolean isEncodedIn(int unit, byte[] bytes) {
        if (bytes.length == 0 || bytes.length % unit != 0) {
            return false;
        }
        int significant = bytes[0] == 0 ? unit - 1 : 0;
        if (!isBeginOfJson(bytes[significant])) {
            return false;
        }
        // The second character is ASCII as well, unless it is the first of a text.
        int ascii = bytes[significant] == '"' ? unit : 2 * unit;
        for (int at = 0; at < Math.min(bytes.length, ascii); at++) {
            if (at % unit == significant ? bytes[at] <= 0 : bytes[at] != 0) {
                return false;
            }
        }
        return unit == UTF16_UNIT || isBelowLimitOfUnicode(bytes, significant);
    }

    private static boolean isBelowLimitOfUnicode(byte[] bytes, int significant) {
        int highest = significant == 0 ? UTF32_UNIT - 1 : 0;
        for (int at = highest; at < Math.min(bytes.length, SAMPLE); at += UTF32_UNIT) {
            if (bytes[at] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBeginOfJson(byte first) {
        return "{[\"-0123456789tfn \t\r\n".indexOf(first) >= 0;
    }
}
