package io.orderstream.order;

import java.util.HashMap;
import java.util.Map;

/** Half of all orders fail, and there is an operator who redrives them. */
public class Operated extends HalfFailing {

    static final String CREDENTIALS = "olga:pass:word";

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
        settings.put("OPERATOR_USER", "olga");
        settings.put("OPERATOR_PASSWORD", "pass:word");
        return settings;
    }
}
