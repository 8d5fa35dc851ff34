package io.orderstream.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The objects one kubectl apply would send, from the project's directory. */
final class Manifests {

    static final Path ROOT = Path.of("k8s");
    static final Path BASE = ROOT.resolve("base");
    static final Path DEMO = ROOT.resolve("overlays/demo");
    static final Path PRODUCTION = ROOT.resolve("overlays/production");
    static final Path STRIMZI = ROOT.resolve("overlays/strimzi");

    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();

    private final List<Manifest> objects;

    private Manifests(List<Manifest> objects) {
        this.objects = objects;
    }

    /** What {@code kubectl kustomize} makes of a directory, asked once. */
    static Manifests rendered(Path directory) {
        return RENDERED.computeIfAbsent(directory,
                unknown -> new Manifests(Manifest.parse(Tool.kubectl().check("kustomize", unknown.toString()))));
    }

    /** All that can be applied. */
    static Stream<Path> directories() {
        return Stream.of(ROOT, BASE, DEMO, PRODUCTION, STRIMZI);
    }

    /** The files of the base as {@code kubectl apply -f} reads them. */
    static Manifests base() {
        return new Manifests(files(BASE).stream().flatMap(file -> Manifest.parse(read(file)).stream()).toList());
    }

    static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().matches(".*\\.(yaml|yml|json)")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Manifest> all(String... kinds) {
        return objects.stream().filter(object -> kinds.length == 0 || List.of(kinds).contains(object.kind())).toList();
    }

    <T> List<T> all(Class<T> type) {
        return all(type.getSimpleName()).stream().map(object -> object.as(type)).toList();
    }

    <T> T one(Class<T> type, String name) {
        return all(type.getSimpleName()).stream().filter(object -> object.name().equals(name)).findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + type.getSimpleName() + " " + name)).as(type);
    }

    boolean has(String kind, String name) {
        return all(kind).stream().anyMatch(object -> object.name().equals(name));
    }
}
