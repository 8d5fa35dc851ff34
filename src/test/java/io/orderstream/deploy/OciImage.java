package io.orderstream.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.orderstream.testsupport.AppProcess;

/** An image in an OCI archive, unpacked as a container engine would: its configuration, and its layers one over the other. */
final class OciImage {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path blobs;
    private final JsonNode manifest;
    private final JsonNode configuration;
    private final Path root;

    /**
     * @param archive the file
     * @param directory an empty directory to unpack it in
     */
    OciImage(Path archive, Path directory) throws IOException {
        Path layout = Files.createDirectories(directory.resolve("layout"));
        unpack(archive, layout);
        this.blobs = layout.resolve("blobs");
        this.manifest = blob(JSON.readTree(layout.resolve("index.json").toFile()).required("manifests").required(0));
        this.configuration = blob(manifest.required("config")).required("config");
        this.root = Files.createDirectories(directory.resolve("root"));
        for (JsonNode layer : manifest.required("layers")) {
            unpack(path(layer), root);
        }
    }

    private JsonNode blob(JsonNode descriptor) throws IOException {
        return JSON.readTree(path(descriptor).toFile());
    }

    private Path path(JsonNode descriptor) {
        return blobs.resolve(descriptor.required("digest").asText().replace(':', '/'));
    }

    private static void unpack(Path archive, Path directory) {
        tar(directory, "-xpf", archive.toAbsolutePath().toString());
    }

    private static List<String> tar(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("tar"));
        command.addAll(List.of(arguments));
        try (AppProcess tar = AppProcess.start(command, directory, Map.of())) {
            if (tar.awaitExit(PATIENCE) != 0) {
                throw new AssertionError(command + " failed" + tar.lastLines());
            }
            return tar.lines();
        }
    }

    /** How it is to be run: User, Entrypoint, Env and so on, as the OCI specification names them. */
    JsonNode configuration() {
        return configuration;
    }

    /** The file system of a container. */
    Path root() {
        return root;
    }

    /** The files of each layer, lowest first. */
    List<List<String>> layers() {
        List<List<String>> layers = new ArrayList<>();
        for (JsonNode layer : manifest.required("layers")) {
            layers.add(tar(root, "-tf", path(layer).toAbsolutePath().toString()).stream()
                    .filter(name -> !name.endsWith("/") && !name.startsWith("tar: ")).toList());
        }
        return layers;
    }
}
