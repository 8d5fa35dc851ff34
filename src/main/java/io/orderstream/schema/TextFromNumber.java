package io.orderstream.schema;

import java.util.List;
import java.util.Optional;

import org.apache.avro.Conversion;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;

/**
 * Reads a text field from a whole number, as its decimal text. Avro promotes no number to a text, so the field is read as the
 * number that carries this logical type, and Avro's own mechanism for logical types converts the value, as in
 * {@link FloatFromDouble}.
 */
public final class TextFromNumber extends Conversion<String> {

    private static final String NAME = "orderstream-text-from-number";

    /**
     * What to read such a field as.
     *
     * @param written what was written: an int, a long, or a union with one of them
     * @return empty if no number was written, and Avro's resolution is asked
     */
    public static Optional<Schema> reading(Schema written) {
        if (!written.isUnion()) {
            return isNumber(written) ? Optional.of(number(written.getType())) : Optional.empty();
        }
        List<Type> numbers = written.getTypes().stream().filter(TextFromNumber::isNumber).map(Schema::getType).toList();
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        // Ints are promoted to longs where there are both; the other branches are texts, or refused when one comes.
        return Optional.of(Schema.createUnion(number(numbers.contains(Type.LONG) ? Type.LONG : Type.INT),
                Schema.create(Type.STRING)));
    }

    private static boolean isNumber(Schema schema) {
        return schema.getType() == Type.INT || schema.getType() == Type.LONG;
    }

    private static Schema number(Type type) {
        return new LogicalType(NAME).addToSchema(Schema.create(type));
    }

    @Override
    public Class<String> getConvertedType() {
        return String.class;
    }

    @Override
    public String getLogicalTypeName() {
        return NAME;
    }

    @Override
    public String fromInt(Integer value, Schema schema, LogicalType type) {
        return value.toString();
    }

    @Override
    public String fromLong(Long value, Schema schema, LogicalType type) {
        return value.toString();
    }
}
