package io.orderstream.json;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.BaseJsonValidator;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonValidator;
import com.networknt.schema.Keyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.ValidatorTypeCode;
import com.networknt.schema.Vocabulary;

/**
 * A keyword of JSON Schema that bounds numbers, on their exact decimal value. The validator's own implementation
 * (1.5.9) compares what is left of a number in a {@code long}, for which 18446744073709551617.0 is 1, and takes
 * multiples of a {@code double}.
 *
 * @param type the keyword
 * @param isKept whether a value keeps to a bound
 */
record ExactNumbers(ValidatorTypeCode type, BiPredicate<BigDecimal, BigDecimal> isKept) implements Keyword {

    /** The vocabulary of this name, with these keywords in the place of the validator's own; null if it has none of them. */
    static Vocabulary vocabulary(String iri) {
        if (!iri.equals(Vocabulary.V202012_VALIDATION.getIri())) {
            return null;
        }
        Map<String, Keyword> keywords = new HashMap<>();
        Vocabulary.V202012_VALIDATION.getKeywords().forEach(keyword -> keywords.put(keyword.getValue(), keyword));
        all().forEach(keyword -> keywords.put(keyword.getValue(), keyword));
        return new Vocabulary(iri, keywords.values().toArray(Keyword[]::new));
    }

    private static Stream<Keyword> all() {
        return Stream.of(
                new ExactNumbers(ValidatorTypeCode.MINIMUM, (value, bound) -> value.compareTo(bound) >= 0),
                new ExactNumbers(ValidatorTypeCode.MAXIMUM, (value, bound) -> value.compareTo(bound) <= 0),
                new ExactNumbers(ValidatorTypeCode.EXCLUSIVE_MINIMUM, (value, bound) -> value.compareTo(bound) > 0),
                new ExactNumbers(ValidatorTypeCode.EXCLUSIVE_MAXIMUM, (value, bound) -> value.compareTo(bound) < 0),
                new ExactNumbers(ValidatorTypeCode.MULTIPLE_OF, (value, unit) -> value.remainder(unit).signum() == 0));
    }

    @Override
    public String getValue() {
        return type.getValue();
    }

    @Override
    public JsonValidator newValidator(SchemaLocation location, JsonNodePath path, JsonNode bound, JsonSchema parent,
            ValidationContext context) {
        boolean isUnit = type == ValidatorTypeCode.MULTIPLE_OF;
        if (!bound.isNumber() || isUnit && bound.decimalValue().signum() <= 0) {
            throw new JsonSchemaException(type.getValue() + " must be a number" + (isUnit ? " greater than 0" : ""));
        }
        return new Validator(location, path, bound, parent, context);
    }

    private final class Validator extends BaseJsonValidator {

        private final BigDecimal bound;

        Validator(SchemaLocation location, JsonNodePath path, JsonNode bound, JsonSchema parent, ValidationContext context) {
            super(location, path, bound, parent, type, context);
            this.bound = bound.decimalValue();
        }

        @Override
        public Set<ValidationMessage> validate(ExecutionContext execution, JsonNode value, JsonNode root, JsonNodePath at) {
            if (!value.isNumber() || isKept.test(value.decimalValue(), bound)) {
                return Set.of();
            }
            return Set.of(message().instanceNode(value).instanceLocation(at).locale(execution.getExecutionConfig().getLocale())
                    .failFast(execution.isFailFast()).arguments(schemaNode.asText()).build());
        }
    }
}
