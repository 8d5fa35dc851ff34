package io.orderstream.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.orderstream.dev.RegistryStore.Text;

class RegistryStoreTest {

    private static final Text STRING = plain("string");

    @TempDir
    private Path directory;

    private static Text plain(String type) {
        return new Text("\"" + type + "\"", List.of());
    }

    @Test
    void shouldContinueAfterARestart() {
        // Given
        Path file = directory.resolve("dev/registry.json");
        RegistryStore before = new RegistryStore(file);
        before.register("s", STRING);
        before.register("t", plain("int"));
        before.deleteSubject("s");
        before.setLevel("t", "FULL");

        // When
        RegistryStore after = new RegistryStore(file);

        // Then
        assertThat(after.subjects()).containsExactly("t");
        assertThat(after.schema(1)).isEqualTo(STRING);
        assertThat(after.level("t")).contains(CompatibilityLevel.FULL);
        assertThat(after.register("s", STRING)).isEqualTo(1);
        assertThat(after.versions("s")).containsExactly(2);
        assertThat(after.register("u", plain("long"))).isEqualTo(3);
    }

    @Test
    void shouldKeepReferencesAcrossARestart() {
        // Given
        Path file = directory.resolve("dev/references.json");
        RegistryStore before = new RegistryStore(file);
        before.register("money", new Text("{\"type\": \"fixed\", \"name\": \"Money\", \"size\": 4}", List.of()));
        Text prices = new Text("{\"type\":\"array\",\"items\":\"Money\"}", List.of(new SchemaReference("Money", "money", 1)));

        // When
        int id = before.register("prices", prices);
        before.deleteSubject("money");

        // Then
        RegistryStore after = new RegistryStore(file);
        assertThat(after.schema(id)).isEqualTo(prices);
        assertThat(after.lookup("prices", prices).id()).isEqualTo(id);
        assertThat(after.version("money", "1", true).id()).isEqualTo(1);
        assertThatThrownBy(() -> after.version("money", "1", false)).isInstanceOf(RegistryError.class);
        assertThatThrownBy(() -> after.register("other", new Text(prices.schema(), List.of())))
                .isInstanceOf(RegistryError.class).hasMessageContaining("Money");
    }

    @Test
    void shouldReadAFileOfAnOlderVersion() throws IOException {
        // Given
        Path old = Files.writeString(directory.resolve("old.json"),
                """
                        {"schemas": {"1": "\\"string\\""}, "subjects": {"s": [{"number": 1, "id": 1, "deleted": false}]}, "levels": {}}""");

        // Then
        assertThat(new RegistryStore(old).lookup("s", STRING).id()).isEqualTo(1);
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
