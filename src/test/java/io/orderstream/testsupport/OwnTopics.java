package io.orderstream.testsupport;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Topics and consumer groups nobody else has, as settings of one application or several. */
final class OwnTopics {

    private static final List<String> TOPICS = List.of("ORDERS_TOPIC", "ORDERS_RETRY_TOPIC", "ORDERS_DLQ_TOPIC",
            "REDRIVE_TOPIC",
            "EVENTS_TOPIC", "EVENTS_DLQ_TOPIC", "ITEM_ORDERS_TOPIC", "ITEM_ORDERS_DLQ_TOPIC");
    private static final List<String> GROUPS = List.of("CONSUMER_GROUP_ID", "EVENTS_GROUP_ID", "TRACKER_GROUP_ID");

    private OwnTopics() {
    }

    static Map<String, String> named(String unique) {
        Map<String, String> settings = new HashMap<>();
        TOPICS.forEach(setting -> settings.put(setting, name(setting, "_TOPIC") + "-" + unique));
        GROUPS.forEach(setting -> settings.put(setting, name(setting, "_ID") + "-" + unique));
        return settings;
    }

    private static String name(String setting, String suffix) {
        return setting.substring(0, setting.length() - suffix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
