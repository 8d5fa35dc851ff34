package io.orderstream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import io.orderstream.Settings;
import io.orderstream.testsupport.GeneratedPart;

class SettingsTableTest {

    private static final Path PAGE = Path.of("docs", "settings.md");

    /** With {@code -Dsettings.update=true} it writes the table instead. */
    @Test
    void shouldFindTheDeclaredSettingsInTheirPage() throws IOException {
        // Given
        String page = Files.readString(PAGE).replace("\r\n", "\n");

        // When
        String expected = GeneratedPart.replaceIn(page, "settings", SettingsTable.render(Settings.mappings()));
        if (Boolean.getBoolean("settings.update")) {
            Files.writeString(PAGE, expected);
            return;
        }

        // Then
        assertThat(page).as("docs/settings.md does not show the settings as they are declared. Write them into it with: "
                + "./mvnw test -Dtest=SettingsTableTest -Dsettings.update=true").isEqualTo(expected);
    }
}
