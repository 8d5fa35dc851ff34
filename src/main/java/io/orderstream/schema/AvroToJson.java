package io.orderstream.schema;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
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
 * Converts a generic Avro value to plain JSON: bytes and fixed as hexadecimal text, union branches without their
 * names, NaN and infinity as text, logical types as their underlying Avro type.
 */
final class AvroToJson {

    /** Deepest nesting converted. Jackson writes at most 1000 levels, and the value is only a part of a response. */
    static final int DEEPEST = 100;

    /** Most JSON nodes converted: a few bytes of Avro, such as nulls, can become large JSON. */
    static final int MOST_NODES = 50_000;

    /**
     * Most characters of names of fields and of symbols, which are long in the schema and take no bytes, or one, in a value.
     */
    static final int MOST_CHARACTERS = 1_000_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private int nodes;
    private int characters;

    private AvroToJson() {
    }

    /** @throws UndecodableException if the value exceeds {@link #DEEPEST}, {@link #MOST_NODES} or {@link #MOST_CHARACTERS} */
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
                object.set(bounded(field.name()), node(record.get(field.pos()), depth + 1));
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
        return leaf(value instanceof GenericEnumSymbol<?> symbol ? bounded(symbol.toString()) : value);
    }

    private String bounded(String name) {
        characters += name.length();
        if (characters > MOST_CHARACTERS) {
            throw new UndecodableException("too much to be shown");
        }
        return name;
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
        // Strings and enum symbols.
        return value == null ? JSON.nullNode() : JSON.textNode(value.toString());
    }
}
