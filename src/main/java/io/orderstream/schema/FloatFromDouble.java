package io.orderstream.schema;

import org.apache.avro.Conversion;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/**
 * Reads a float field from a double. Avro promotes float to double but not back, so the field is read as a double
 * with this logical type, whose {@link Conversion} narrows the value.
 * <p>
 * The value is rounded to the nearest float; beyond the range of a float it becomes infinite.
 */
final class FloatFromDouble extends Conversion<Float> {

    private static final String NAME = "orderstream-float-from-double";

    /** Returns a new double schema with this logical type. */
    static Schema schema() {
        return new LogicalType(NAME).addToSchema(Schema.create(Schema.Type.DOUBLE));
    }

    @Override
    public Class<Float> getConvertedType() {
        return Float.class;
    }

    @Override
    public String getLogicalTypeName() {
        return NAME;
    }

    @Override
    public Float fromDouble(Double value, Schema schema, LogicalType type) {
        return value.floatValue();
    }
}
