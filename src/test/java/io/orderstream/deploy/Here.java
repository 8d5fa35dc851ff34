package io.orderstream.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Takes hosts, ports and directories of a cluster for those there are here. */
final class Here {

    private final Map<String, String> replacements = new LinkedHashMap<>();

    /** From now on; earlier ones come first. */
    Here with(String there, Object here) {
        replacements.put(there, here.toString());
        return this;
    }

    Map<String, String> translate(Map<String, String> environment) {
        return environment.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> {
            String value = entry.getValue();
            for (Map.Entry<String, String> replacement : replacements.entrySet()) {
                value = value.replace(replacement.getKey(), replacement.getValue());
            }
            return value;
        }));
    }
}
