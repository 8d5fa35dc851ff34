package io.orderstream.tracker;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.json.NotJsonException;
import io.orderstream.json.StrictJson;
import io.orderstream.json.ValueSchema;
import io.orderstream.json.Violation;
import io.orderstream.record.Decoder;

/** Reads item orders from JSON, and holds them to their schema. Thread safe. */
@ApplicationScoped
public class ItemOrderFormat implements Decoder<ItemOrder> {

    private final ValueSchema schema = ValueSchema.ofResource("schemas/item-order.json");

    /**
     * The order of these bytes.
     *
     * @throws InvalidItemOrderException naming each field that breaks a rule
     */
    @Override
    public ItemOrder tryDecode(byte[] bytes) {
        JsonNode json = parse(bytes);
        List<Violation> violations = schema.violations(json);
        if (!violations.isEmpty()) {
            throw new InvalidItemOrderException(violations);
        }
        return new ItemOrder(json.get("order_id").textValue(), json.get("user").textValue(), json.get("item").textValue(),
                json.get("quantity").decimalValue().longValueExact());
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            return StrictJson.read(bytes);
        } catch (NotJsonException e) {
            throw new InvalidItemOrderException(List.of(new Violation("", "not JSON: " + e.getMessage())));
        }
    }
}
