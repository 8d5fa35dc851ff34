package io.orderstream.schema;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * What a schema may cost: memory and time to parse it, to resolve it, and to read a record with it. A short text can cost much,
 * and anyone may have registered it. Texts are looked through one token after the other, before anything is made of them.
 * To be used for one schema, with all it refers to; not thread safe.
 */
final class SchemaLimits {

    /** Most tokens of JSON: names of fields, values, brackets. A schema takes up to 125 bytes of memory for each. */
    static final int MOST_TOKENS = 100_000;

    /** Most symbols of an enum: Avro compares each with each to resolve it. */
    static final int MOST_SYMBOLS = 2_000;

    /** Most tokens times records, enums and fixed types: Avro follows each of these to everything it uses. */
    static final long MOST_VISITS = 10_000_000;

    /**
     * Most values without bytes, such as nulls and empty records, that one value may consist of. Two records in a record, two
     * of
     * these in the next, and so on, are a trillion after forty, in a record of no bytes.
     */
    static final int MOST_WITHOUT_BYTES = 16;

    private static final int BYTES_EACH_TOKEN = 125;
    private static final Set<String> NAMED = Set.of("record", "error", "enum", "fixed");
    // As Avro's own parser, which allows comments.
    private static final JsonFactory JSON = new JsonFactory().enable(JsonParser.Feature.ALLOW_COMMENTS);

    private long tokens;
    private long types;

    /**
     * Counts one more text.
     *
     * @throws IllegalArgumentException if it is not one value of JSON, or all together are too much; the message says what
     */
    void add(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            int values = 0;
            while (json.nextToken() != null) {
                count(json);
                values += json.getParsingContext().inRoot() && !json.currentToken().isStructStart() ? 1 : 0;
            }
            require(values == 1, "it is not one value of JSON");
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        require(tokens * types <= MOST_VISITS,
                "it has %d tokens of JSON and %d records, enums and fixed types, together too many".formatted(tokens, types));
    }

    private void count(JsonParser json) throws IOException {
        require(++tokens <= MOST_TOKENS, "it has more than " + MOST_TOKENS + " tokens of JSON");
        if (json.currentToken() == JsonToken.VALUE_STRING && "type".equals(json.currentName())
                && NAMED.contains(json.getText())) {
            types++;
        }
        boolean isSymbol = json.getParsingContext().inArray()
                && "symbols".equals(json.getParsingContext().getParent().getCurrentName());
        require(!isSymbol || json.getParsingContext().getCurrentIndex() < MOST_SYMBOLS,
                "it has an enum of more than " + MOST_SYMBOLS + " symbols");
    }

    private static void require(boolean isHeld, String otherwise) {
        if (!isHeld) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Whether a text has no more tokens of JSON than so many; what is not JSON ends where it is none. */
    static boolean isWithin(byte[] text, int most) {
        try (JsonParser json = JSON.createParser(text)) {
            int tokens = 0;
            while (json.nextToken() != null) {
                if (++tokens > most) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    /** About how many bytes of memory a schema takes, and not less. */
    static long bytes(Schema schema) {
        SchemaLimits counted = new SchemaLimits();
        String text = schema.toString();
        try (JsonParser json = JSON.createParser(text)) {
            while (json.nextToken() != null) {
                counted.tokens++;
            }
        } catch (IOException e) {
            // Names may be longer than names of JSON; then the text is what counts.
        }
        return BYTES_EACH_TOKEN * counted.tokens + 2L * text.length();
    }

    /**
     * Checks what it takes to read a value of this schema.
     *
     * @throws IllegalArgumentException if a value may have many parts without bytes, or contains itself without end
     */
    static void requireReadable(Schema schema) {
        new Parts().check(schema);
    }

    /** The parts of values that are always there, whatever the bytes say. */
    private static final class Parts {

        /**
         * @param empty how many take no bytes
         * @param hasBytes whether any of them takes some
         */
        private record Part(int empty, boolean hasBytes) {
        }

        private final Map<Schema, Part> records = new IdentityHashMap<>();
        /** Values that bytes announce: branches of unions, items of arrays and maps. */
        private final Deque<Schema> announced = new ArrayDeque<>();

        void check(Schema schema) {
            announced.push(schema);
            while (!announced.isEmpty()) {
                part(announced.pop());
            }
        }

        private Part part(Schema schema) {
            return switch (schema.getType()) {
                case NULL -> new Part(1, false);
                case FIXED -> new Part(schema.getFixedSize() == 0 ? 1 : 0, schema.getFixedSize() > 0);
                case RECORD -> record(schema);
                case ARRAY -> announces(schema.getElementType());
                case MAP -> announces(schema.getValueType());
                case UNION -> announces(schema.getTypes().toArray(Schema[]::new));
                default -> new Part(0, true);
            };
        }

        private Part announces(Schema... values) {
            for (Schema value : values) {
                announced.push(value);
            }
            return new Part(0, true);
        }

        private Part record(Schema schema) {
            if (records.containsKey(schema)) {
                Part known = records.get(schema);
                require(known != null, "%s contains itself without end".formatted(schema.getFullName()));
                return known;
            }
            records.put(schema, null);
            int empty = 0;
            boolean hasBytes = false;
            for (Field field : schema.getFields()) {
                Part part = part(field.schema());
                empty += part.empty();
                hasBytes |= part.hasBytes();
                require(empty < MOST_WITHOUT_BYTES, "%s has more than %d parts without bytes".formatted(schema.getFullName(),
                        MOST_WITHOUT_BYTES - 1));
            }
            Part part = new Part(hasBytes ? empty : empty + 1, hasBytes);
            records.put(schema, part);
            return part;
        }
    }
}
