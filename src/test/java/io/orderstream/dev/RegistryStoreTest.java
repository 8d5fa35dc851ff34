package io.orderstream.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryStoreTest {

    @TempDir
    private Path directory;

    @Test
    void shouldContinueAfterARestart() {
        // Given
        Path file = directory.resolve("dev/registry.json");
        RegistryStore before = new RegistryStore(file);
        before.register("s", "\"string\"");
        before.register("t", "\"int\"");
        before.deleteSubject("s");
        before.setLevel("t", "FULL");

        // When
        RegistryStore after = new RegistryStore(file);

        // Then
        assertThat(after.subjects()).containsExactly("t");
        assertThat(after.schema(1)).isEqualTo("\"string\"");
        assertThat(after.level("t")).contains(CompatibilityLevel.FULL);
        assertThat(after.register("s", "\"string\"")).isEqualTo(1);
        assertThat(after.versions("s")).containsExactly(2);
        assertThat(after.register("u", "\"long\"")).isEqualTo(3);
    }

    @Test
    void shouldSayWhichFileItCannotRead() throws IOException {
        // Given
        Path broken = Files.writeString(directory.resolve("broken.json"), "{");

        // Then
        assertThatThrownBy(() -> new RegistryStore(broken)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(broken.toString());
    }
}
