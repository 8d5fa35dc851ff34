package io.orderstream.deploy;

import static io.orderstream.testsupport.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.testsupport.AppProcess;

/** An image, unpacked as a container engine would: how it is to be run, and its layers one over the other. */
record OciImage(JsonNode configuration, Path root) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param directory an empty directory to unpack it in */
    static OciImage unpack(Path archive, Path directory) throws IOException {
        Path layout = Files.createDirectories(directory.resolve("layout"));
        Path root = Files.createDirectories(directory.resolve("root"));
        extract(archive, layout);
        JsonNode index = JSON.readTree(layout.resolve("index.json").toFile());
        JsonNode manifest = JSON.readTree(blob(layout, index.required("manifests").required(0)).toFile());
        for (JsonNode layer : manifest.required("layers")) {
            extract(blob(layout, layer), root);
        }
        JsonNode image = JSON.readTree(blob(layout, manifest.required("config")).toFile());
        return new OciImage(image.required("config"), root);
    }

    private static Path blob(Path layout, JsonNode descriptor) {
        return layout.resolve("blobs").resolve(descriptor.required("digest").asText().replace(':', '/'));
    }

    private static void extract(Path archive, Path directory) {
        List<String> command = List.of("tar", "-xpf", archive.toAbsolutePath().toString());
        try (AppProcess tar = AppProcess.start(command, directory, Map.of())) {
            assertThat(tar.awaitExit(PATIENCE)).as(tar::lastLines).isZero();
        }
    }
}
