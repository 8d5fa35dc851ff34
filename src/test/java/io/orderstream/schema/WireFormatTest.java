package io.orderstream.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.orderstream.order.Order;
import io.orderstream.record.UndecodableException;

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
        assertUndecodable(new byte[] { 1, 0, 0, 0, 1, 2 },
                "magic byte is 0x01, expected 0x00: not Confluent's framing, perhaps bare Avro");
        assertUndecodable("{}".getBytes(StandardCharsets.UTF_8),
                "magic byte is 0x7b, expected 0x00: not Confluent's framing, perhaps bare Avro");
        assertUndecodable(new byte[] { 0 }, "1 bytes are too short for a header of 5 bytes");
        assertUndecodable(new byte[] { 0, 0, 0, 1 }, "4 bytes are too short for a header of 5 bytes");
        assertUndecodable(new byte[] { 0, -1, -1, -1, -1 }, "schema id is negative: -1");
    }

    @Test
    void shouldNameTheFramingThatIsThereInstead() throws IOException {
        // Given
        Schema schema = Order.getClassSchema();
        GenericData.Record order = new GenericRecordBuilder(schema).set("orderId", "0b5e4c1a-7d3f-4f6e-9a51-2f1f6d0c9b11")
                .set("product", "Toffee").set("price", 10f).build();
        ByteArrayOutputStream container = new ByteArrayOutputStream();
        try (DataFileWriter<Object> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, container).append(order);
        }
        byte[] framed = Frames.frame(1, schema, order);
        byte[] bare = Arrays.copyOfRange(framed, WireFormat.HEADER_BYTES, framed.length);

        // Then
        assertUndecodable(container.toByteArray(), "Avro container file, expected Confluent's framing");
        assertUndecodable(bare, "magic byte is 0x48, expected 0x00: not Confluent's framing, perhaps bare Avro");
        assertUndecodable(new byte[] { 'O', 'b', 'j' },
                "magic byte is 0x4f, expected 0x00: not Confluent's framing, perhaps bare Avro");
    }

    private static void assertUndecodable(byte[] bytes, String reason) {
        assertThatThrownBy(() -> WireFormat.schemaId(bytes)).isExactlyInstanceOf(UndecodableException.class).hasMessage(reason);
    }
}
