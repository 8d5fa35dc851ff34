package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.pipeline.UndecodableException;

class WireFormatTest {

    @Test
    void shouldReadTheIdAsBigEndian() {
        // Given
        byte[] bytes = { 0, 0x01, 0x02, 0x03, (byte) 0x84, 42 };

        // When
        int id = WireFormat.schemaId(bytes);

        // Then
        assertThat(id).isEqualTo(0x01020384);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 255, 256, 65_536, Integer.MAX_VALUE })
    void shouldReadTheIdItWrote(int id) {
        // When
        byte[] header = WireFormat.header(id);

        // Then
        assertThat(header).hasSize(WireFormat.HEADER_BYTES).startsWith(0);
        assertThat(WireFormat.schemaId(header)).isEqualTo(id);
    }

    @Test
    void shouldSayWhatIsWrongWithAHeader() {
        assertUndecodable(new byte[0], "empty value");
        assertUndecodable(new byte[] { 1, 0, 0, 0, 1, 2 }, "magic byte is 0x01, expected 0x00");
        assertUndecodable("{}".getBytes(StandardCharsets.UTF_8), "magic byte is 0x7b, expected 0x00");
        assertUndecodable(new byte[] { 0 }, "1 bytes are too short for a header of 5 bytes");
        assertUndecodable(new byte[] { 0, 0, 0, 1 }, "4 bytes are too short for a header of 5 bytes");
        assertUndecodable(new byte[] { 0, -1, -1, -1, -1 }, "schema id is negative: -1");
    }

    private static void assertUndecodable(byte[] bytes, String reason) {
        assertThatThrownBy(() -> WireFormat.schemaId(bytes)).isExactlyInstanceOf(UndecodableException.class).hasMessage(reason);
    }
}
