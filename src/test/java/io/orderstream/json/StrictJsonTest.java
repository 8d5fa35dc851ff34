package io.orderstream.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.record.UndecodableException;

/** JSON is UTF-8, its texts can be written as UTF-8, and its numbers are what they say. */
class StrictJsonTest {

    record Measured(double value) {
    }

    record Weighed(Float value) {
    }

    record Priced(BigDecimal value) {
    }

    record Counted(long value) {
    }

    @ParameterizedTest
    @CsvSource({ "UTF-16, UTF-16", "UTF-16BE, UTF-16", "UTF-16LE, UTF-16", "x-UTF-16LE-BOM, UTF-16", "UTF-32, UTF-32",
            "UTF-32BE, UTF-32", "UTF-32LE, UTF-32", "X-UTF-32BE-BOM, UTF-32", "X-UTF-32LE-BOM, UTF-32" })
    void shouldRefuseEveryOtherEncodingByItsName(String charset, String name) {
        for (String text : List.of("{\"user\":\"ü日🍕\"}", "{}", "[1]", "7", "\"日本\"", " \n{\"a\" : null}")) {
            assertThatThrownBy(() -> StrictJson.read(text.getBytes(Charset.forName(charset)))).as(text)
                    .isInstanceOf(NotJsonException.class).hasMessage("it looks like " + name + ", but JSON is UTF-8");
        }
    }

    @Test
    void shouldTakeAFrameForAFrameAndNotForAnEncoding() {
        assertNotJson(new byte[] { 0, 0, 0, 0, 7, 2, 'a' },
                "it looks like Confluent's wire format (magic byte 0, schema id 7)");
        assertNotJson(new byte[] { 0, 0, 0, 0x7b, 0, 2, 'a' },
                "it looks like Confluent's wire format (magic byte 0, schema id 31488)");
        assertNotJson(new byte[] { 0, 0, 0, 0, 1 }, "it looks like Confluent's wire format (magic byte 0, schema id 1)");
        assertNotJson(new byte[] { 0, -1, 0, 0, 7, 2 }, "the character 0 at byte 0");
        assertNotJson(new byte[] { 0, 0, 0 }, "the character 0 at byte 0");
        assertNotJson("{\"a\":\"\0\"}".getBytes(StandardCharsets.UTF_8), "the character 0 at byte 6");
    }

    @Test
    void shouldSayWhereBytesAreNotUtf8() {
        assertNotJson("[\"ü\"]".getBytes(StandardCharsets.ISO_8859_1), "invalid UTF-8 at byte 2");
        // A surrogate that is encoded by itself, a form that is too long, and a character that is cut off
        assertNotJson(new byte[] { '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"' }, "invalid UTF-8 at byte 1");
        assertNotJson(new byte[] { '"', (byte) 0xc0, (byte) 0xaf, '"' }, "invalid UTF-8 at byte 1");
        assertNotJson(new byte[] { '"', (byte) 0xe6, (byte) 0x97 }, "invalid UTF-8 at byte 1");
    }

    @Test
    void shouldIgnoreOneByteOrderMarkAndSendNone() {
        // Given
        byte[] marked = "\ufeff{\"user\":\"ü\"}".getBytes(StandardCharsets.UTF_8);

        // When
        JsonNode read = StrictJson.read(marked);

        // Then
        assertThat(read.get("user").textValue()).isEqualTo("ü");
        assertThat(new String(StrictJson.withoutMark(marked), StandardCharsets.UTF_8)).isEqualTo("{\"user\":\"ü\"}");
        assertThat(StrictJson.withoutMark(new byte[] { '7' })).containsExactly('7');
        assertNotJson("\ufeff".getBytes(StandardCharsets.UTF_8), "there is nothing");
        assertNotJson("\ufeff\ufeff7".getBytes(StandardCharsets.UTF_8), "there is a byte order mark at byte 3");
        assertNotJson(new byte[0], "there is nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = { "\"\\ud800\"", "\"\\udc00\"", "\"\\uD83Dx\"", "\"\\ud83d\\\\ude00\"", "\"\\ud83d\\u0041\"",
            "{\"\\ud800\":1}", "\"\\ud83d\\ude00\\ude00\"", "\"\\ud83d" })
    void shouldRefuseTheEscapeOfALoneSurrogate(String text) {
        assertThatThrownBy(() -> StrictJson.read(text.getBytes(StandardCharsets.UTF_8))).isInstanceOf(NotJsonException.class)
                .hasMessageStartingWith("the escape of a lone surrogate, which is no text in UTF-8, at byte ");
        assertThatThrownBy(() -> StrictJson.decoder(Counted.class)
                .tryDecode(("{\"value\":1,\"more\":" + text + "}").getBytes(StandardCharsets.UTF_8)))
                .isExactlyInstanceOf(UndecodableException.class).hasMessageStartingWith("not JSON: the escape of a lone");
    }

    @ParameterizedTest
    @CsvSource({ "\"\\ud83c\\uDF55\",🍕", "\"\\\\ud800\",\\ud800", "\"\\u00e4\",ä", "\"\\\"\\\\\",\"\\" })
    void shouldReadAllOtherEscapes(String text, String value) {
        assertThat(StrictJson.read(text.getBytes(StandardCharsets.UTF_8)).textValue()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "1E+999999999", "1e-999999999", "0E999999999", "1E+9999999999", "[1, -2.5e1001]",
            "{\"a\\\"e9\":1e+0001001}" })
    void shouldRefuseAnExponentThatNoMemoryCouldHold(String text) {
        assertThatThrownBy(() -> StrictJson.read(text.getBytes(StandardCharsets.UTF_8))).isInstanceOf(NotJsonException.class)
                .hasMessageStartingWith("a number with an exponent beyond 1000 at byte ");
    }

    @Test
    void shouldTakeATextForNoExponent() {
        // Given
        String text = "{\"1e9999\":\"5E+999999999\",\"t\":true,\"f\":false,\"n\":1e1000}";

        // When
        JsonNode read = StrictJson.read(text.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(read.get("1e9999").textValue()).isEqualTo("5E+999999999");
        assertThat(read.get("n").decimalValue()).isEqualByComparingTo("1e1000");
    }

    @ParameterizedTest
    @CsvSource({ "1e400, the number is out of range of double", "-1e400, the number is out of range of double",
            "\"NaN\", a number is expected", "\"Infinity\", a number is expected", "null, null is no number" })
    void shouldRefuseWhatADoubleCannotHold(String value, String reason) {
        assertUndecodable(Measured.class, value, "no Measured: " + reason);
    }

    @Test
    void shouldConvertNoNumberToAnother() {
        assertUndecodable(Weighed.class, "1e39", "no Weighed: the number is out of range of Float");
        assertUndecodable(Counted.class, "18446744073709551617", "no Counted: ");
        assertUndecodable(Counted.class, "18446744073709551617.0", "no Counted: ");
        assertUndecodable(Priced.class, "1e999999999", "not JSON: a number with an exponent beyond 1000");
        assertThat(decode(Weighed.class, "null")).isEqualTo(new Weighed(null));
        assertThat(decode(Weighed.class, "0.5")).isEqualTo(new Weighed(0.5f));
        assertThat(decode(Measured.class, "-0.0")).isEqualTo(new Measured(-0.0));
        assertThat(decode(Priced.class, "0.10").value()).isEqualTo("0.10");
    }

    private static <T> T decode(Class<T> type, String value) {
        return StrictJson.decoder(type).tryDecode(("{\"value\":" + value + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static void assertUndecodable(Class<?> type, String value, String reason) {
        assertThatThrownBy(() -> decode(type, value)).isExactlyInstanceOf(UndecodableException.class)
                .hasMessageStartingWith(reason);
    }

    private static void assertNotJson(byte[] bytes, String reason) {
        assertThatThrownBy(() -> StrictJson.read(bytes)).isInstanceOf(NotJsonException.class).hasMessage(reason);
    }
}
