package io.orderstream.schema;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.utils.Utils;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.orderstream.record.UndecodableException;

/**
 * Shows a generic Avro value as plain JSON: bytes as hexadecimal text, no names of a union's branches, and NaN and infinity as
 * text, since JSON has no numbers for them. Logical types are shown as what they stand for in Avro. One instance, one value.
 */
final class AvroToJson {

    /** JSON writers refuse what is nested deeper than a thousand, and the value is not the outermost of an answer. */
    static final int DEEPEST = 100;

    /** What is small as Avro may be large as JSON: a null takes no bytes, and the names of fields none either. */
    static final int MOST_NODES = 50_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private int nodes;

    private AvroToJson() {
    }

    /** @throws UndecodableException if it is nested too deep, or too large */
    static JsonNode convert(Object value) {
        return new AvroToJson().node(value, 0);
    }

    private JsonNode node(Object value, int depth) {
        if (depth > DEEPEST || ++nodes > MOST_NODES) {
            throw new UndecodableException("too much to be shown");
        }
        if (value instanceof GenericRecord record) {
            ObjectNode object = JSON.objectNode();
            for (Schema.Field field : record.getSchema().getFields()) {
                object.set(field.name(), node(record.get(field.pos()), depth + 1));
            }
            return object;
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JSON.objectNode();
            map.forEach((key, each) -> object.set(String.valueOf(key), node(each, depth + 1)));
            return object;
        }
        if (value instanceof Collection<?> collection) {
            ArrayNode array = JSON.arrayNode(collection.size());
            collection.forEach(each -> array.add(node(each, depth + 1)));
            return array;
        }
        return leaf(value);
    }

    private static JsonNode leaf(Object value) {
        if (value instanceof Boolean || value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return MAPPER.valueToTree(value);
        }
        if (value instanceof ByteBuffer bytes) {
            return JSON.textNode(HexFormat.of().formatHex(Utils.toArray(bytes)));
        }
        if (value instanceof GenericFixed fixed) {
            return JSON.textNode(HexFormat.of().formatHex(fixed.bytes()));
        }
        // Texts and the symbols of enums.
        return value == null ? JSON.nullNode() : JSON.textNode(value.toString());
    }
}
