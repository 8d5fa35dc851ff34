package io.orderstream.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;

/**
 * Refuses what the type of a number in a Java record cannot hold: Jackson reads a number beyond the range of a
 * {@code double} as infinity, and the text {@code "NaN"} as a number.
 */
final class FiniteNumbers<N extends Number> extends StdScalarDeserializer<N> {

    private static final long serialVersionUID = 1L;

    private final transient Read<N> read;

    /** Reads the current token, which is a number. */
    private interface Read<N> {
        N from(JsonParser json) throws IOException;
    }

    private FiniteNumbers(Class<N> type, Read<N> read) {
        super(type);
        this.read = read;
    }

    /** For all types that can be infinite. */
    static Module module() {
        return new SimpleModule("finite-numbers")
                .addDeserializer(double.class, new FiniteNumbers<>(double.class, JsonParser::getDoubleValue))
                .addDeserializer(Double.class, new FiniteNumbers<>(Double.class, JsonParser::getDoubleValue))
                .addDeserializer(float.class, new FiniteNumbers<>(float.class, JsonParser::getFloatValue))
                .addDeserializer(Float.class, new FiniteNumbers<>(Float.class, JsonParser::getFloatValue));
    }

    @Override
    public N deserialize(JsonParser json, DeserializationContext context) throws IOException {
        JsonToken token = json.currentToken();
        if (!token.isNumeric()) {
            return context.reportInputMismatch(this, "a number is expected, but it is %s", token);
        }
        N number = read.from(json);
        return Double.isFinite(number.doubleValue()) ? number
                : context.reportInputMismatch(this, "the number is out of range of %s", handledType().getSimpleName());
    }

    @Override
    public N getNullValue(DeserializationContext context) throws JsonMappingException {
        return handledType().isPrimitive() ? context.reportInputMismatch(this, "null is no number") : null;
    }
}
