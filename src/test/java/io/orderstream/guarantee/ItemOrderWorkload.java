package io.orderstream.guarantee;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

import com.fasterxml.jackson.databind.JsonNode;

import io.orderstream.pipeline.SimulatedFaults;
import io.orderstream.testsupport.Fate;
import io.orderstream.totals.Totals;
import io.vertx.core.json.JsonObject;

/** Item orders of a few users for a few items: few enough that each is counted by name. */
final class ItemOrderWorkload extends JsonWorkload {

    /** With all the characters that mean something where the names are committed. */
    private static final List<String> USERS = List.of("alice", "bob", "dörte", "erin:f,g;h=i");
    private static final List<String> ITEMS = List.of("chicken burger", "lentil soup", "fish & chips", "50% of a pizza",
            "ramen");
    private static final int MOST_PIECES = 9;
    private static final int FLAWS = 5;

    @Override
    public String pipeline() {
        return "item-orders";
    }

    @Override
    public Route route(Map<String, String> settings) {
        return new Route(settings.get("ITEM_ORDERS_TOPIC"), settings.get("ITEM_ORDERS_DLQ_TOPIC"),
                settings.get("TRACKER_GROUP_ID"));
    }

    @Override
    public String errorRateSetting() {
        return "TRACKER_ERROR_RATE";
    }

    @Override
    Made valid(String id, RandomGenerator random) {
        return new Made(order(id, random).encode(), id, null);
    }

    private static JsonObject order(String id, RandomGenerator random) {
        return JsonObject.of("order_id", id, "user", USERS.get(random.nextInt(USERS.size())), "item",
                ITEMS.get(random.nextInt(ITEMS.size())), "quantity", random.nextInt(MOST_PIECES) + 1);
    }

    @Override
    Made flawed(String id, RandomGenerator random) {
        JsonObject order = order(id, random);
        return new Made(switch (random.nextInt(FLAWS)) {
            case 0 -> order.encode().substring(1);
            case 1 -> "[" + order.encode() + "]";
            case 2 -> order.put("user", "").encode();
            case 3 -> order.put("quantity", 0).encode();
            default -> JsonObject.of("order_id", id).encode();
        }, id, "");
    }

    @Override
    Expected expectedValid(String record, String key, JsonNode order, SimulatedFaults faults) {
        Fate fate = Fate.of(faults.of(order.required("order_id").asText()));
        // The statistics show of users and items only what is processed.
        List<String> names = fate.isProcessed()
                ? List.of(name("Users", order.required("user").asText()), name("Items", order.required("item").asText()))
                : List.of();
        return new Expected(record, key, fate, key, order.required("quantity").asLong(), names);
    }

    private static String name(String dimension, String value) {
        return dimension + " " + value;
    }

    @Override
    Expected expectedFlawed(String record, String key, String nothing) {
        return new Expected(record, key, Fate.UNDECODABLE, key, 0, List.of());
    }

    @Override
    public String statistics() {
        return "/api/tracker/stats?limit=100";
    }

    @Override
    public List<ProcessingGuarantee> guarantees() {
        return List.of(new ExactNames());
    }

    @Override
    public GroupCount counted(JsonNode group) {
        Map<String, Totals> names = new TreeMap<>();
        for (String dimension : List.of("Users", "Items")) {
            group.get("top" + dimension).forEach(top -> names.put(name(dimension, top.get("name").asText()), processed(top)));
            Totals others = processed(group.get("other" + dimension));
            if (!others.equals(Totals.ZERO)) {
                names.put(name(dimension, "(others)"), others);
            }
        }
        return new GroupCount(new Totals(group.get("received").asLong(), group.get("orders").asLong(),
                group.get("deadLettered").asLong(), group.get("quantity").asLong()), names);
    }

    private static Totals processed(JsonNode sum) {
        long orders = sum.get("orders").asLong();
        return new Totals(orders, orders, 0, sum.get("quantity").asLong());
    }
}
