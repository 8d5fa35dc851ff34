package io.orderstream.testsupport;

import java.util.HashMap;
import java.util.Map;

/** As {@link KafkaAndRegistry}, with one more dead-letter topic to watch, that of another application. It is not made here. */
public class ForeignDeadLetters extends KafkaAndRegistry {

    public static final String TOPIC = "payments-dlq";

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(super.start());
        settings.put("DLQ_TOPICS", TOPIC);
        return settings;
    }
}
