package io.orderstream.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Renders the declarations of the settings as the table in docs/settings.md. */
final class SettingsTable {

    private static final String HEAD = "| Setting | Default | Rule | Meaning |\n|---|---|---|---|\n";

    private SettingsTable() {
    }

    /** The table of the settings these interfaces declare. */
    static String render(List<Class<?>> mappings) {
        return mappings.stream().flatMap(SettingRule::of).map(SettingsTable::row).collect(Collectors.joining("", HEAD, ""));
    }

    private static String row(SettingRule rule) {
        String shown = rule.defaultValue().isEmpty() ? "*unset*" : code(rule.shownDefault());
        return "| " + code(rule.env()) + " | " + shown + " | " + (rule.rule().equals("text") ? "" : cell(rule.rule())) + " | "
                + cell(rule.doc()) + " |\n";
    }

    private static String code(String text) {
        return "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
