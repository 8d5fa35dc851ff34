package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.orderstream.Settings;
import io.orderstream.testsupport.GeneratedPart;

class SettingsTableTest {

    private static final Path README = Path.of("README.md");

    /** With {@code -Dsettings.update=true} it writes the table instead. */
    @Test
    void shouldFindTheDeclaredSettingsInTheReadme() throws IOException {
        // Given
        String page = Files.readString(README).replace("\r\n", "\n");

        // When
        String expected = GeneratedPart.replaceIn(page, "settings", SettingsTable.render(Settings.mappings()));
        if (Boolean.getBoolean("settings.update")) {
            Files.writeString(README, expected);
            return;
        }

        // Then
        assertThat(page).as("README.md does not show the settings as they are declared. Write them into it with: "
                + "./mvnw test -Dtest=SettingsTableTest -Dsettings.update=true").isEqualTo(expected);
    }

    @Test
    void shouldRenderARowForEachSetting() {
        assertThat(SettingsTable.render(List.of(TrialSettings.class))).isEqualTo("""
                | Setting | Default | Rule | Meaning |
                |---|---|---|---|
                | `TRIAL_ATTEMPTS` | `3` | a whole number from 1 to 20 | Attempts. |
                | `TRIAL_BACKOFF_SECONDS` | `1.5` | a number from 0 to 60 | Seconds before the first retry. |
                | `TRIAL_COUNT` | *unset* | a whole number of at least 0 | Orders; unset \\| never ends. |
                | `TRIAL_ENABLED` | `true` | true or false | Whether to. |
                | `TRIAL_INTERVAL` | `1s` | a duration such as 500ms, 1s or PT1M from 10ms to 1h | Time between two. |
                | `TRIAL_MODE` | `in-place` | one of in-place, topic | How to retry. |
                | `TRIAL_NAMES` | `a\\|b` |  | Names. |
                | `TRIAL_PROTOCOL` | `grpc` | exactly one of grpc, http/protobuf | Protocol. |
                | `TRIAL_RATE` | `0.1` | a number from 0 to 1 | Share. |
                | `TRIAL_RETENTION` | *unset* | a duration such as 500ms, 1s or PT1M of at most 30d | Time kept. |
                | `TRIAL_URL` | *unset* | an http or https url such as https://example.org/orders | Where to. |
                """);
    }

    @Test
    void shouldReplaceWhatIsBetweenTheMarkersAndNothingElse() {
        // Given
        String page = "# Title\n<!-- settings -->\nold\nolder\n<!-- /settings -->\nmore\n";

        // When
        String replaced = GeneratedPart.replaceIn(page, "settings", "new\n");

        // Then
        assertThat(replaced).isEqualTo("# Title\n<!-- settings -->\nnew\n<!-- /settings -->\nmore\n");
        assertThat(GeneratedPart.replaceIn(replaced, "settings", "new\n")).isEqualTo(replaced);
    }

    @Test
    void shouldSayThatAMarkerIsMissing() {
        assertThatThrownBy(() -> GeneratedPart.replaceIn("# Title\n", "settings", "new\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("<!-- settings -->");
        assertThatThrownBy(() -> GeneratedPart.replaceIn("<!-- /settings -->\n<!-- settings -->\n", "settings", "new\n"))
                .hasMessageContaining("<!-- /settings -->");
    }
}
