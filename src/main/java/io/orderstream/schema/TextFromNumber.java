package io.orderstream.schema;

import java.util.List;
import java.util.Optional;

import org.apache.avro.Conversion;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;

/**
 * Reads a string field from a whole number, as its decimal text. Avro does not promote numbers to strings, so the
 * field is read as a number with this logical type, whose {@link Conversion} formats the value, as in
 * {@link FloatFromDouble}.
 */
public final class TextFromNumber extends Conversion<String> {

    private static final String NAME = "orderstream-text-from-number";

    /**
     * Returns the schema to read a string field with.
     *
     * @param written the writer's schema of the field
     * @return an int or long with this logical type, or a union with one; empty if the writer has neither, which
     *         leaves the field to Avro's resolution
     */
    public static Optional<Schema> reading(Schema written) {
        if (!written.isUnion()) {
            return isNumber(written) ? Optional.of(number(written.getType())) : Optional.empty();
        }
        List<Type> numbers = written.getTypes().stream().filter(TextFromNumber::isNumber).map(Schema::getType).toList();
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        // An int is promoted if there is a long too. Other branches are strings, or fail when one is read.
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
