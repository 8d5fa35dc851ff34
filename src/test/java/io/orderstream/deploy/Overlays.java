package io.orderstream.deploy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Renders each directory once. To be used by one thread. */
final class Overlays {

    private final Map<Path, Manifests> rendered = new HashMap<>();

    Manifests of(Path directory) {
        Manifests known = rendered.get(directory);
        if (known == null) {
            known = Manifests.rendered(directory);
            rendered.put(directory, known);
        }
        return known;
    }
}
