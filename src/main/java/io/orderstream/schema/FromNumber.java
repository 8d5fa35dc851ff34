package io.orderstream.schema;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.apache.avro.Conversion;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;

/**
 * Reads a field from a number that Avro does not promote to the field's type: the field is read as a number with this
 * logical type, whose {@link Conversion} makes the value.
 *
 * @param <T> the type of the value
 */
public final class FromNumber<T> extends Conversion<T> {

    /** From a double: rounded to the nearest float; beyond the range of a float it becomes infinite. */
    static final FromNumber<Float> FLOAT = new FromNumber<>("orderstream-float-from-double", Float.class, Number::floatValue);

    /** From a whole number, as its decimal text. */
    static final FromNumber<String> TEXT = new FromNumber<>("orderstream-text-from-number", String.class, Number::toString);

    private final String name;
    private final Class<T> type;
    private final Function<Number, T> conversion;

    private FromNumber(String name, Class<T> type, Function<Number, T> conversion) {
        this.name = name;
        this.type = type;
        this.conversion = conversion;
    }

    /** Returns a new schema of this type of number with this logical type. */
    Schema schema(Type number) {
        return new LogicalType(name).addToSchema(Schema.create(number));
    }

    /**
     * Returns the schema to read a string field with.
     *
     * @param written the writer's schema of the field
     * @return an int or long with a logical type, or a union with one; empty if the writer has neither, which leaves
     *         the field to Avro's resolution
     */
    public static Optional<Schema> text(Schema written) {
        if (!written.isUnion()) {
            return isWhole(written) ? Optional.of(TEXT.schema(written.getType())) : Optional.empty();
        }
        List<Type> numbers = written.getTypes().stream().filter(FromNumber::isWhole).map(Schema::getType).toList();
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        // An int is promoted if there is a long too. Other branches are strings, or fail when one is read.
        return Optional.of(Schema.createUnion(TEXT.schema(numbers.contains(Type.LONG) ? Type.LONG : Type.INT),
                Schema.create(Type.STRING)));
    }

    private static boolean isWhole(Schema schema) {
        return schema.getType() == Type.INT || schema.getType() == Type.LONG;
    }

    @Override
    public Class<T> getConvertedType() {
        return type;
    }

    @Override
    public String getLogicalTypeName() {
        return name;
    }

    @Override
    public T fromInt(Integer value, Schema schema, LogicalType logical) {
        return conversion.apply(value);
    }

    @Override
    public T fromLong(Long value, Schema schema, LogicalType logical) {
        return conversion.apply(value);
    }

    @Override
    public T fromDouble(Double value, Schema schema, LogicalType logical) {
        return conversion.apply(value);
    }
}
